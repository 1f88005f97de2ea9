//! What the kernels are tuned for, with a button to tune them again.

use leptos::prelude::*;

use crate::protocol::Backend;
use crate::ui::client::Client;
use crate::ui::state::{Choice, Device};

#[component]
pub(crate) fn TunedLine() -> impl IntoView {
    let choice = expect_context::<Choice>();
    let client = expect_context::<Client>();
    let Device { gpu, tuned, .. } = expect_context();
    let hidden = move || choice.runs_on() != Backend::WebGpu || tuned.with(Option::is_none);
    let tuning = move || tuned.with(|tuned| tuned.as_ref().map(|tuned| tuned.tuning.clone()).unwrap_or_default());
    let ms = move || tuned.with(|tuned| tuned.as_ref().and_then(|tuned| tuned.ms));
    let name = move || gpu.with(|gpu| gpu.adapter().map(|adapter| adapter.name.clone()));
    let title = move || {
        format!(
            "Kernels for 1×1 over many and over few pixels, the same for grouped 3×3, and for dense 3×3: {}",
            tuning()
        )
    };
    view! {
        <p class="meta tuned" hidden=hidden>
            <span
                id="tuned"
                data-tuning=tuning
                data-ms=move || ms().map_or("kept".to_owned(), |ms| (ms as u64).to_string())
                title=title
            >
                "Fastest kernels chosen for " {name} ". "
            </span>
            <button type="button" id="tune" class="plain" on:click=move |_| client.tune()>"Choose again"</button>
        </p>
    }
}
