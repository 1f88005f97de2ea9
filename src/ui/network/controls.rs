//! The choice of the network and its depth, and how it is drawn.

use leptos::prelude::*;

use super::part_shape::CORES;
use crate::ui::state::{Choice, Menu, Selection};
use crate::ui::widgets::{RadioGroup, RadioOption};
use crate::view::drawing::is_foldable;
use crate::view::words;
use crate::zoo::depths;

/// Opens the list of networks.
#[component]
pub(crate) fn Which() -> impl IntoView {
    let choice = expect_context::<Choice>();
    let menu = expect_context::<Menu>();
    view! {
        <div class="which">
            <span id="model-label">"Network"</span>
            <button
                type="button"
                id="model"
                class="pick"
                aria-haspopup="dialog"
                aria-labelledby="model-label model"
                on:click=move |_| menu.open.set(true)
            >
                {move || choice.listed(|listed| listed.network().title.clone())}
            </button>
        </div>
    }
}

#[component]
pub(crate) fn Depth() -> impl IntoView {
    let choice = expect_context::<Choice>();
    let options = Signal::derive(move || {
        let option = |depth: usize| RadioOption::new(depth, depth, depth.to_string(), format!("{depth} layers deep"));
        let mut depths = choice.listed(|listed| depths(&listed.graph().config));
        let typed = choice.depth.get();
        if !depths.contains(&typed) {
            depths.push(typed);
            depths.sort_unstable();
        }
        depths.into_iter().map(option).collect::<Vec<_>>()
    });
    let choose = move |depth| choice.deepen(depth);
    view! { <RadioGroup name="depth" legend="Depth" class="segments" options chosen=choice.depth choose /> }
}

/// Switches between drawing equal blocks as one and drawing each of them.
#[component]
pub(crate) fn Fold() -> impl IntoView {
    let choice = expect_context::<Choice>();
    let selection = expect_context::<Selection>();
    let folded = selection.folded;
    let press = move |_| {
        folded.update(|folded| *folded = !*folded);
        selection.select_first();
    };
    view! {
        <button
            type="button"
            id="fold"
            class="plain"
            hidden=move || !choice.graph.with(|graph| is_foldable(graph))
            aria-pressed=move || (!folded.get()).to_string()
            on:click=press
        >
            {move || if folded.get() { "Unfold all" } else { "Fold" }}
        </button>
    }
}

#[component]
pub(crate) fn Legend() -> impl IntoView {
    let choice = expect_context::<Choice>();
    view! {
        <p class="legend" aria-hidden="true">
            <i class="pw"></i> "1×1" <i class="gr"></i> "3×3, grouped" <i class="arc"></i> "shortcut" <i class="heat"></i> "time"
            <span class:off=move || choice.cores_at_work.get() == 1 title=words::SHARED>
                <i class=CORES[0]></i> <i class=CORES[1]></i> "cores"
            </span>
        </p>
    }
}
