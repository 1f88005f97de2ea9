//! The bar with the words of a step. It takes its own room at the end of the page and stays in sight, so that it moves nothing and
//! whatever lies behind it can be scrolled out from there.

use leptos::html;
use leptos::prelude::*;

use super::mark::mark;
use crate::ui::state::Walk;
use crate::view::walk::STEPS;
use crate::view::words::{WALK, walk_spoken};

#[component]
pub(crate) fn WalkBar() -> impl IntoView {
    let walk = expect_context::<Walk>();
    let is_open = Memo::new(move |_| walk.step.with(Option::is_some));
    Effect::new(move |_| mark(walk.step.get()));
    view! {
        {move || is_open.get().then(|| view! { <Bar /> })}
        <p class="sr-only" role="status" id="walk-spoken">{move || walk.step.get().map(walk_spoken)}</p>
    }
}

#[component]
fn Bar() -> impl IntoView {
    let walk = expect_context::<Walk>();
    let number = Memo::new(move |_| walk.step.get().unwrap_or(1));
    let words = move || WALK[number.get() - 1];
    let heading = NodeRef::<html::H2>::new();
    // A visitor who has opened it is led to it. On a page that opens with it the focus stays where a page begins.
    heading.on_load(move |heading| {
        if walk.asked.with_untracked(Option::is_some) {
            // It is in the document and can be focused.
            let _ = heading.focus();
        }
    });
    let close = move |_| {
        walk.close();
    };
    let numbers = (1..=STEPS).map(|to| {
        let label = format!("Step {to}: {}", WALK[to - 1].title);
        let is_here = move || (number.get() == to).then_some("step");
        view! {
            <a href=link(to) class="step" aria-label=label.clone() title=label aria-current=is_here
                on:click=move |event| walk.follow(&event, to)>{to}</a>
        }
    });
    // At an end it leads nowhere, and keeps the focus.
    let neighbour = move |text: &'static str, to: fn(usize) -> usize| {
        let to = Memo::new(move |_| Some(to(number.get())).filter(|to| (1..=STEPS).contains(to)));
        view! {
            <a class="plain" role="link" tabindex="0" href=move || to.get().map(link)
                aria-disabled=move || to.get().is_none().to_string()
                on:click=move |event| if let Some(to) = to.get_untracked() { walk.follow(&event, to) }>{text}</a>
        }
    };
    view! {
        <section id="walk" aria-labelledby="walk-title" data-step=move || number.get().to_string()>
            <h2 id="walk-title" tabindex="-1" node_ref=heading>
                <span>{move || format!("Walk through, step {} of {STEPS}", number.get())}</span>
                <b>{move || words().title}</b>
            </h2>
            <div class="walk-words">
                <p>{move || words().text}</p>
                <p class="meta">
                    <a href="https://arxiv.org/abs/1611.05431" target="_blank" rel="noreferrer">"Xie et al., 2017"</a>
                    {move || format!(" · {}", words().section)}
                </p>
            </div>
            <nav aria-label="Steps">
                {neighbour("Back", |here| here - 1)}
                <span class="steps">{numbers.collect_view()}</span>
                {neighbour("Next", |here| here + 1)}
            </nav>
            <button type="button" class="plain" id="walk-close" on:click=close>"Close"</button>
        </section>
    }
}

/// An address by itself: the step's state, and the reader's own settings.
fn link(number: usize) -> String {
    format!("?walk={number}")
}
