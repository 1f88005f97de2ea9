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
    let words = move || match (choice.runs_on(), device.gpu.get()) {
        (Backend::Cpu, GpuState::Missing { text, .. }) => view! {
            {format!("Running on the CPU. {text} ")}
            <button type="button" id="find-gpu" class="plain" on:click=move |_| client.find_gpu()>
                "Look for a GPU again"
            </button>
        }
        .into_any(),
        (runs_on, GpuState::Ready(adapter)) if adapter.software => {
            let (other, offer) = match runs_on {
                Backend::Cpu => (Backend::WebGpu, "Run on WebGPU"),
                Backend::WebGpu => (Backend::Cpu, "Run on the CPU"),
            };
            view! {
                {words::EMULATED} " "
                <button
                    type="button"
                    id="offer"
                    class="plain"
                    data-value=other.name()
                    on:click=move |_| choice.backend.set(Some(other))
                >
                    {offer}
                </button>
            }
            .into_any()
        }
        _ => ().into_any(),
    };
    view! { <p class="meta" id="where">{words}</p> }
}
