//! One of a few, with a button to the one before and one to the next.

use leptos::prelude::*;
use web_sys::KeyboardEvent;

/// `at` of `count`, from 0. Arrow keys, Home and End step too. At the ends a button does nothing, and stays focused.
#[component]
pub(super) fn Stepper(
    id: &'static str,
    /// What is stepped through, in the singular.
    noun: &'static str,
    #[prop(into)] text: Signal<String>,
    #[prop(into)] at: Signal<usize>,
    #[prop(into)] count: Signal<usize>,
    #[prop(into)] step: Callback<usize>,
) -> impl IntoView {
    let go = move |to: usize| {
        if to < count.get_untracked() && to != at.get_untracked() {
            step.run(to);
        }
    };
    let pressed = move |event: KeyboardEvent| {
        let here = at.get_untracked();
        let to = match event.key().as_str() {
            "ArrowRight" | "ArrowUp" => here + 1,
            "ArrowLeft" | "ArrowDown" => here.saturating_sub(1),
            "Home" => 0,
            "End" => count.get_untracked().saturating_sub(1),
            _ => return,
        };
        event.prevent_default();
        go(to);
    };
    let is_first = move || (at.get() == 0).to_string();
    let is_last = move || (at.get() + 1 >= count.get()).to_string();
    view! {
        <div class="stepper" role="group" aria-label=format!("Choose a {noun}") on:keydown=pressed>
            <button
                type="button"
                aria-label=format!("previous {noun}")
                aria-disabled=is_first
                on:click=move |_| go(at.get_untracked().wrapping_sub(1))
            >
                "‹"
            </button>
            <output id=id class="num">{move || text.get()}</output>
            <button
                type="button"
                aria-label=format!("next {noun}")
                aria-disabled=is_last
                on:click=move |_| go(at.get_untracked() + 1)
            >
                "›"
            </button>
        </div>
    }
}
