//! Why there is no answer, and what to do.

use leptos::prelude::*;

use crate::ui::client::Client;
use crate::ui::widgets::WarningSign;
use crate::view::words;

/// Something failed: what, why, and what still works.
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
pub(crate) fn Untrained(advice: String) -> impl IntoView {
    view! {
        <div class="words">
            <h3>"No trained weights: timing only"</h3>
            <p>"This network can be timed but cannot recognise anything. " {advice}</p>
        </div>
    }
}

/// The weights have no head.
#[component]
pub(crate) fn NoHead() -> impl IntoView {
    view! {
        <div class="words">
            <h3>{words::NO_HEAD}</h3>
            <p>{words::NO_HEAD_ADVICE}</p>
        </div>
    }
}
