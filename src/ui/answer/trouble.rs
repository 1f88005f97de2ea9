//! Why there is no answer, and what to do.

use leptos::prelude::*;

use crate::ui::client::Client;
use crate::ui::state::Choice;
use crate::ui::widgets::WarningSign;

/// Something failed: what, why, and what works all the same.
#[component]
pub(crate) fn Trouble(title: &'static str, text: String, rest: &'static str) -> impl IntoView {
    let client = expect_context::<Client>();
    view! {
        <div class="words error" role="alert">
            <h3><WarningSign size=18 /> {title}</h3>
            <p>{text}</p>
            <p>{rest}</p>
            <button type="button" id="again" class="plain" on:click=move |_| client.try_again()>"Try again"</button>
        </div>
    }
}

/// The network has no trained weights.
#[component]
pub(crate) fn Untrained() -> impl IntoView {
    let choice = expect_context::<Choice>();
    let back = move || match choice.listed(|listed| listed.network().trained.is_empty()) {
        false => "For answers, turn back to the depth and the stop marked “trained”.",
        true => "For answers, choose a trained network, or drop in your own weights as .safetensors.",
    };
    view! {
        <div class="words">
            <h3>"Untrained weights: latency only"</h3>
            <p>"This network has never seen a picture: it can be timed, but names nothing. " {back}</p>
        </div>
    }
}
