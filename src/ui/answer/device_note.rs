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
    let again = move |text: String, offer: &'static str| {
        view! {
            {text}
            " "
            <button type="button" id="find-gpu" class="plain" on:click=move |_| client.find_gpu()>
                {offer}
            </button>
        }
        .into_any()
    };
    let words = move || match (choice.runs_on(), device.gpu.get()) {
        (Backend::Cpu, GpuState::Missing { text, .. }) => {
            again(format!("Running on the CPU. {text}"), "Look for a GPU again")
        }
        (Backend::Cpu, gpu) if Backend::of(choice.backend.get(), &gpu) == Backend::WebGpu => {
            again(words::TOO_LARGE.into(), "Try the GPU again")
        }
        (runs_on, GpuState::Ready { adapter, .. }) if adapter.software => {
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
