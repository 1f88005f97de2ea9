//! What the network runs on: the GPU by WebGPU, or the CPU where there is none and wherever a visitor wants it.

use leptos::prelude::*;

use super::choice::{Stop, choice};
use super::engine;
use super::page::{AdapterState, Page};

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Backend {
    WebGpu,
    Cpu,
}

impl Backend {
    pub fn name(self) -> &'static str {
        match self {
            Self::WebGpu => "webgpu",
            Self::Cpu => "cpu",
        }
    }

    pub fn named(name: &str) -> Option<Self> {
        [Self::WebGpu, Self::Cpu].into_iter().find(|backend| backend.name() == name)
    }

    /// The visitor's choice; without one the GPU, and the CPU where there is no GPU to be had.
    pub fn of(wanted: Option<usize>, adapter: &AdapterState) -> Self {
        let otherwise = if matches!(adapter, AdapterState::Missing { .. }) { Self::Cpu } else { Self::WebGpu };
        if wanted.unwrap_or(otherwise as usize) == Self::Cpu as usize { Self::Cpu } else { Self::WebGpu }
    }
}

/// How many tenths of the GPU's speed the CPU must have before the page says so.
const WORTH_SAYING: usize = 12;

pub fn backend(page: Page) -> AnyView {
    let stops = [
        (Backend::WebGpu, "WebGPU", "Run on the GPU, by WebGPU"),
        (Backend::Cpu, "CPU", "Run on the processor, by WebAssembly; weights are kept in 32 bits"),
    ];
    let stops = stops.map(|(backend, label, words)| Stop::plain(backend as usize, label, words)).to_vec();
    let chosen = Signal::derive(move || page.backend() as usize);
    let stops = Signal::derive(move || stops.clone());
    choice("backend", "On", "segments", stops, chosen, Callback::new(move |backend| page.wanted.set(Some(backend))))
}

/// Why it runs where it does, if not on a GPU, and what else can be done.
pub fn place(page: Page) -> AnyView {
    // Known before the words are: nothing moves when they come.
    let kept = move || page.adapter.with(|adapter| matches!(adapter, AdapterState::Ready(adapter) if adapter.software));
    let press = move |_| match page.backend_now() {
        Backend::WebGpu => page.wanted.set(Some(Backend::Cpu as usize)),
        Backend::Cpu => engine::request_gpu(page),
    };
    let words = move || {
        why(page).map(|(text, id, label)| {
            view! { {text} <button type="button" id=id class="plain" on:click=press>{label}</button> }
        })
    };
    view! { <p class="meta" id="where" class:kept=kept>{words}</p> }.into_any()
}

/// Words, and a button's id and label.
fn why(page: Page) -> Option<(String, &'static str, &'static str)> {
    match (page.backend(), page.adapter.get()) {
        (Backend::Cpu, AdapterState::Missing { text, .. }) => {
            Some((format!("Running on the CPU. {text} "), "again", "Look for a GPU again"))
        }
        (Backend::WebGpu, AdapterState::Ready(adapter)) if adapter.software => {
            let tenths = page.cpu_tenths.get().filter(|tenths| *tenths >= WORTH_SAYING)?;
            let (times, tenth) = (tenths / 10, tenths % 10);
            let times = if times < 3 { format!("{times}.{tenth}") } else { times.to_string() };
            let text = format!("The browser found no GPU and imitates one. The CPU is {times} times as fast. ");
            Some((text, "offer", "Run on the CPU"))
        }
        _ => None,
    }
}
