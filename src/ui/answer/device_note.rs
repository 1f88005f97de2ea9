//! Why the network does not run on a GPU, and a button for what else can be done.

use leptos::prelude::*;

use crate::protocol::{Backend, GpuState};
use crate::ui::client::Client;
use crate::ui::state::{Choice, Device};
use crate::view::words;

#[component]
pub(crate) fn DeviceNote() -> impl IntoView {
    let choice = expect_context::<Choice>();
    let device = expect_context::<Device>();
    let client = expect_context::<Client>();
    // Known before the text is, so that nothing moves when the text comes.
    let kept = move || device.gpu.with(|gpu| gpu.adapter().is_some_and(|adapter| adapter.software));
    let words = move || match (choice.runs_on(), device.gpu.get()) {
        (Backend::Cpu, GpuState::Missing { text, .. }) => view! {
            {format!("Running on the CPU. {text} ")}
            <button type="button" id="again" class="plain" on:click=move |_| client.find_gpu()>
                "Look for a GPU again"
            </button>
        }
        .into_any(),
        (Backend::WebGpu, GpuState::Ready(adapter)) if adapter.software => {
            let offer = |times| {
                view! {
                    {format!("No GPU here: the browser is emulating one. The CPU is {times} times as fast. ")}
                    <button type="button" id="offer" class="plain" on:click=move |_| choice.backend.set(Some(Backend::Cpu))>
                        "Run on the CPU"
                    </button>
                }
            };
            device.cpu_speed.get().and_then(words::cpu_speed).map(offer).into_any()
        }
        _ => ().into_any(),
    };
    view! { <p class="meta" id="where" class:kept=kept>{words}</p> }
}
