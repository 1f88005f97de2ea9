//! The kernels that are fastest on this visitor's GPU: measured once on each adapter, kept in the browser, told, and redone when
//! asked.

use leptos::prelude::*;

use super::backend::Backend;
use super::engine::kick;
use super::page::{AdapterState, Page};
use crate::gpu::{Gpu, GpuError};
use crate::kernels::table::VERSION;

/// What is known of the device's kernels.
#[derive(Clone, Debug, PartialEq)]
pub struct Tuned {
    /// As [`Tuning`](crate::kernels::Tuning) is written.
    pub tuning: String,
    /// What measuring took, unless that was on a former visit.
    pub ms: Option<f64>,
}

/// Where a tuning is kept: one for each adapter and version of the kernels.
fn key(gpu: &Gpu) -> String {
    format!("cardinal.tuning.{VERSION}.{}", gpu.adapter().name)
}

/// `None` where the browser keeps nothing for this page.
fn storage() -> Option<web_sys::Storage> {
    web_sys::window()?.local_storage().ok()?
}

/// Takes what a former visit measured.
pub fn recall(page: Page, gpu: &Gpu) {
    let text = storage().and_then(|storage| storage.get_item(&key(gpu)).ok()?);
    let kept = text.and_then(|text| text.parse().ok());
    if let Some(tuning) = kept {
        gpu.set_tuning(tuning);
    }
    page.tuned.set(kept.map(|tuning| Tuned { tuning: tuning.to_string(), ms: None }));
}

/// Measures and keeps it; whether a network must be built anew for it.
pub async fn measure(page: Page, gpu: &Gpu) -> Result<bool, GpuError> {
    let before = gpu.tuning();
    let tuned = gpu.tune().await?;
    let text = tuned.tuning.to_string();
    if let Some(storage) = storage() {
        // A full or forbidden storage: it is measured again on the next visit.
        let _ = storage.set_item(&key(gpu), &text);
    }
    page.tuned.set(Some(Tuned { tuning: text, ms: Some(tuned.ms) }));
    Ok(tuned.tuning != before)
}

/// What the kernels are tuned for, with a button to do it again.
pub fn line(page: Page) -> AnyView {
    let again = move |_| {
        page.tuned.set(None);
        kick(page);
    };
    let name = move || match page.adapter.get() {
        AdapterState::Ready(adapter) if page.backend() == Backend::WebGpu => Some(adapter.name),
        _ => None,
    };
    let words = move || {
        let (name, tuned) = (name()?, page.tuned.get()?);
        let tuning = tuned.tuning.clone();
        let ms = tuned.ms.map_or("kept".to_owned(), |ms| (ms as usize).to_string());
        let title = "Kernels for 1×1 over many and few pixels, grouped 3×3 likewise, and dense 3×3";
        Some(view! {
            <span id="tuned" data-tuning=tuning.clone() data-ms=ms title=format!("{title}: {tuning}")>
                "Kernels tuned for " {name} ". "
            </span>
            <button type="button" id="tune" class="plain" on:click=again>"Tune again"</button>
        })
    };
    view! { <p class="meta tuned">{words}</p> }.into_any()
}
