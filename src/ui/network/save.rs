//! Saves the network that is shown to the visitor's disk.

use leptos::prelude::*;

use crate::plan::GpuDtype;
use crate::ui::client::Client;
use crate::ui::state::{Choice, Results};
use crate::view::number;

#[component]
pub(crate) fn Save() -> impl IntoView {
    let choice = expect_context::<Choice>();
    let client = expect_context::<Client>();
    let memory = expect_context::<Results>().memory;
    let parameters = Memo::new(move |_| choice.graph.with(|graph| graph.parameters()));
    // What is on the device is saved.
    let is_there = Memo::new(move |_| {
        choice.setting.with(|setting| memory.with(|memory| memory.as_ref().is_some_and(|(of, _)| of == setting)))
    });
    let button = move |dtype: GpuDtype, bytes: u64| {
        view! {
            <button
                type="button"
                class="plain"
                data-dtype=dtype.to_string()
                disabled=move || !is_there.get()
                on:click=move |_| client.save(dtype)
            >
                {move || format!("{dtype}, {}", number::bytes(parameters.get() * bytes))}
            </button>
        }
    };
    view! {
        <div id="save" class="controls">
            <span class="meta">"Save as safetensors, with class names and preprocessing:"</span>
            {button(GpuDtype::F32, 4)}
            {button(GpuDtype::F16, 2)}
        </div>
    }
}
