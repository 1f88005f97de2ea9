//! What belongs to the map over the picture: its scale, how dense it is, what it shows. It lies over the caption, so that nothing
//! moves. What the map means stands below the answer.

use leptos::prelude::*;

use crate::protocol::{OCCLUSION_SIDE, Work};
use crate::ui::state::{Live, Maps, Results};
use crate::ui::widgets::{RadioGroup, RadioOption};
use crate::view::map::MapKind;
use crate::view::words;

#[component]
pub(crate) fn MapPanel() -> impl IntoView {
    let maps = expect_context::<Maps>();
    let live = expect_context::<Live>();
    // An occlusion map takes many runs on one picture.
    Effect::new(move |_| {
        if live.is_on.get() {
            maps.turn_to(MapKind::ClassActivation);
        }
    });
    let is_open = Memo::new(move |_| maps.is_kept());
    let spoken = move || maps.shown.with(|map| map.as_ref().map(words::map_spoken)).unwrap_or_default();
    view! {
        {move || is_open.get().then(|| view! { <Panel /> })}
        <p class="sr-only" role="status">{spoken}</p>
    }
}

#[component]
fn Panel() -> impl IntoView {
    let maps = expect_context::<Maps>();
    let live = expect_context::<Live>();
    let kind = Signal::derive(move || maps.shown_kind());
    let options = Signal::derive(|| {
        words::MAP_KINDS.map(|(kind, name, label, explained)| RadioOption::new(kind, name, label, explained)).to_vec()
    });
    let ends = Memo::new(move |_| maps.shown.with(|map| map.as_ref().map(|map| map.end_words())).unwrap_or_default());
    view! {
        <div id="map-panel" role="group" aria-label="Map over the picture">
            <div class="map-line">
                <span class="num">{move || ends.get().0}</span>
                <span class="map-scale" aria-hidden="true"></span>
                <span class="num">{move || ends.get().1}</span>
                <label class="map-opacity">
                    <span>"opacity"</span>
                    <input
                        type="range"
                        min="0"
                        max="100"
                        step="5"
                        prop:value=move || format!("{:.0}", maps.opacity.get() * 100.0)
                        on:input=move |event| {
                            if let Ok(percent) = event_target_value(&event).parse::<f64>() {
                                maps.opacity.set(percent / 100.0);
                            }
                        }
                    />
                </label>
            </div>
            <div class="map-line">
                {move || {
                    (!live.is_on.get())
                        .then(|| {
                            view! {
                                <RadioGroup
                                    name="map-kind"
                                    legend="The map shows"
                                    class="segments"
                                    options
                                    chosen=kind
                                    choose=move |kind| maps.turn_to(kind)
                                />
                            }
                        })
                }}
                <Covering />
                <button
                    type="button"
                    class="plain"
                    id="map-close"
                    on:click=move |_| {
                        maps.close();
                    }
                >
                    "Close"
                </button>
            </div>
        </div>
    }
}

/// How far an occlusion map is, and a button that stops it.
#[component]
fn Covering() -> impl IntoView {
    let maps = expect_context::<Maps>();
    let results = expect_context::<Results>();
    let done = Memo::new(move |_| match results.work.get() {
        Work::Occluding { done, .. } => Some(done),
        _ => None,
    });
    move || {
        done.get().map(|done| {
            let total = OCCLUSION_SIDE * OCCLUSION_SIDE;
            view! {
                <progress max=total.to_string() value=done.to_string() aria-label="Parts covered"></progress>
                <button
                    type="button"
                    class="plain"
                    id="map-stop"
                    on:click=move |_| maps.turn_to(MapKind::ClassActivation)
                >
                    "Stop"
                </button>
            }
        })
    }
}
