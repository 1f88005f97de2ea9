//! The panel: a disclosure below the block's table. Nothing is read before it is opened.

use leptos::prelude::*;

use super::arithmetic::Arithmetic;
use super::map::Inputs;
use super::outputs::{LargeMap, Outputs};
use super::state::Inside;
use super::stepper::Stepper;
use super::tiles::Tiles;
use crate::ui::widgets::Disclosure;
use crate::view::group::{Strip, Subject, idea};

#[component]
pub(crate) fn InsidePanel() -> impl IntoView {
    let inside = Inside::new();
    view! {
        <Disclosure id="inside" summary="Look inside: one group’s maps and arithmetic" open=inside.open>
            <Contents inside />
        </Disclosure>
    }
}

#[component]
fn Contents(inside: Inside) -> impl IntoView {
    let is_head = move || inside.subject.with(Option::is_none);
    let has_come = Memo::new(move |_| inside.with(|_| ()).is_some());
    let layer = move || inside.with(|shown| shown.group.look.layer.clone());
    let group = move || inside.with(|shown| shown.group.look.group.to_string());
    let first = move || inside.with(|shown| shown.group.look.first.to_string());
    let state = move || match (is_head(), has_come.get(), inside.is_stale.get()) {
        (true, ..) => "none",
        (_, true, false) => "fresh",
        _ => "waiting",
    };
    let body = move || {
        has_come.get().then(|| {
            view! {
                <p id="idea">{move || inside.with(|shown| idea(&shown.values.sizes, shown.group.look.group))}</p>
                <Tiles inside />
                <div class="sides">
                    <Inputs inside />
                    <Outputs inside />
                    <LargeMap inside />
                </div>
                <Arithmetic inside />
            }
        })
    };
    view! {
        <div
            id="inside-body"
            class="reserved"
            class:stale=move || inside.is_stale.get()
            aria-busy=move || (state() == "waiting").to_string()
            data-state=state
            data-layer=layer
            data-group=group
            data-first=first
        >
            <p class="meta" hidden=move || !is_head()>"The classifier has no groups. Select the stem or a block."</p>
            <p class="meta" hidden=move || is_head() || has_come.get()>
                "The maps appear here when the network has looked at the picture."
            </p>
            <div hidden=is_head>
                <Groups inside />
                {body}
            </div>
        </div>
    }
}

/// Which group, and all of them: the shown one, and those out of its reach.
#[component]
fn Groups(inside: Inside) -> impl IntoView {
    let subject = move |read: fn(&Subject) -> usize| inside.subject.with(|subject| subject.as_ref().map_or(1, read));
    let count = Signal::derive(move || subject(|subject| subject.groups));
    let at = Signal::derive(move || inside.group.get().min(count.get() - 1));
    let text = Signal::derive(move || {
        let layer =
            inside.subject.with(|subject| subject.as_ref().map(|subject| subject.layer.clone()).unwrap_or_default());
        format!("{layer}: group {} of {}", at.get() + 1, count.get())
    });
    let strip = Memo::new(move |_| Strip::new(count.get(), at.get()));
    let step = move |to: usize| {
        inside.group.set(to);
        inside.channel.set(0);
        inside.first_input.set(0);
    };
    view! {
        <Stepper id="group-at" noun="group" text at count step />
        <svg
            id="group-strip"
            role="img"
            aria-label=move || format!("{} groups, of which group {} joins its channels", count.get(), at.get() + 1)
            viewBox=move || strip.with(|strip| strip.view_box.clone())
            preserveAspectRatio="none"
        >
            <path class="far" d=move || strip.with(|strip| strip.others.clone()) />
            <path class="link" d=move || strip.with(|strip| strip.link.clone()) />
            <path class="own" d=move || strip.with(|strip| strip.own.clone()) />
        </svg>
        <p class="strip-legend meta" aria-hidden="true">"above: input channels, below: output channels, one box per group"</p>
    }
}
