//! The top line: what this is, what it runs on, what it is doing.

use leptos::prelude::*;

use super::page::{AdapterState, Page, Work};

pub fn header(page: Page) -> AnyView {
    view! {
        <header>
            <h1>"Cardin"<b>"al"</b></h1>
            <p>"A neural network that names pictures, run by your own GPU. Nothing leaves this machine."</p>
            <div class="chips">
                {state(page)}
                <span
                    id="adapter"
                    class="chip"
                    data-state=move || page.adapter.with(adapter_state)
                    title=move || page.adapter.with(adapter_title)
                >
                    {move || page.adapter.with(adapter_words)}
                </span>
            </div>
        </header>
    }
    .into_any()
}

fn state(page: Page) -> AnyView {
    let share = move || {
        page.work.with(|work| match work {
            Work::Loading(_, share) | Work::Running(_, share) => *share,
            Work::Ready | Work::Failed(_) => Some(1.0),
        })
    };
    let busy = move || page.work.with(|work| matches!(work, Work::Loading(..) | Work::Running(..)));
    view! {
        <span id="state" class="state" data-state=move || page.work.with(|work| work.name())>
            <span>{move || page.work.with(state_words)}</span>
            <progress
                max="1"
                aria-label="progress"
                class:idle=move || !busy()
                prop:value=move || share().unwrap_or(0.0)
            ></progress>
        </span>
    }
    .into_any()
}

fn state_words(work: &Work) -> String {
    match work {
        Work::Loading(text, _) | Work::Running(text, _) => text.clone(),
        Work::Ready => "ready".into(),
        Work::Failed(_) => "stopped".into(),
    }
}

fn adapter_state(adapter: &AdapterState) -> &'static str {
    match adapter {
        AdapterState::Asking => "asking",
        AdapterState::Ready(adapter) if adapter.software => "software",
        AdapterState::Ready(_) => "hardware",
        AdapterState::Missing { kind, .. } => kind,
    }
}

fn adapter_words(adapter: &AdapterState) -> String {
    match adapter {
        AdapterState::Asking => "looking for a GPU".into(),
        AdapterState::Ready(adapter) if adapter.software => format!("{} · software, no GPU", adapter.name),
        AdapterState::Ready(adapter) => format!("{} · {}", adapter.backend, adapter.name),
        AdapterState::Missing { .. } => "no GPU here".into(),
    }
}

fn adapter_title(adapter: &AdapterState) -> String {
    match adapter {
        AdapterState::Asking => "The browser is asked for WebGPU.".into(),
        AdapterState::Ready(adapter) if adapter.software => {
            "No GPU was found, so this runs on the processor, more slowly.".into()
        }
        AdapterState::Ready(_) => "The GPU that WebGPU gave to this page.".into(),
        AdapterState::Missing { text, .. } => text.clone(),
    }
}
