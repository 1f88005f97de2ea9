//! The kernels that are fastest on this visitor's GPU: measured once on each adapter, kept in the browser, told, and redone when
//! asked.

use leptos::prelude::*;

use super::backend::Backend;
use super::engine::kick;
use super::page::{AdapterState, Page};
use crate::gpu::{Gpu, GpuError};
use crate::kernels::table::VERSION;
use crate::plan::Tuning;

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
    let kept: Option<Tuning> = text.and_then(|text| text.parse().ok());
    if let Some(tuning) = kept {
        gpu.set_tuning(tuning);
    }
    page.tuned.set(kept.map(|tuning| tuning.to_string()).unwrap_or_default());
    page.tuned_ms.set(None);
}

/// Measures and keeps it; whether a network must be built anew for it.
pub async fn measure(page: Page, gpu: &Gpu) -> Result<bool, GpuError> {
    let before = gpu.tuning();
    let tuned = gpu.tune().await?;
    let text = tuned.tuning.to_string();
    // What there was no time for is tried on the next visit, when the browser has kept some of what was compiled.
    if let Some(storage) = storage().filter(|_| tuned.complete) {
        // A full or forbidden storage: it is measured again on the next visit.
        let _ = storage.set_item(&key(gpu), &text);
    }
    page.tuned.set(text);
    page.tuned_ms.set(Some(tuned.ms as usize));
    Ok(tuned.tuning != before)
}

/// What the kernels are tuned for, with a button to do it again.
pub fn line(page: Page) -> AnyView {
    let again = move |_| {
        page.tuned.set(String::new());
        kick(page);
    };
    let hidden = move || page.backend() != Backend::WebGpu || page.tuned.with(String::is_empty);
    let name = move || match page.adapter.get() {
        AdapterState::Ready(adapter) => adapter.name,
        _ => String::new(),
    };
    let title = move || {
        format!("Kernels for 1×1 over many and few pixels, grouped 3×3 likewise, and dense 3×3: {}", page.tuned.get())
    };
    view! {
        <p class="meta tuned" hidden=hidden>
            <span
                id="tuned"
                data-tuning=move || page.tuned.get()
                data-ms=move || page.tuned_ms.get().map_or("kept".to_owned(), |ms| ms.to_string())
                title=title
            >
                "Kernels tuned for " {name} ". "
            </span>
            <button type="button" id="tune" class="plain" on:click=again>"Tune again"</button>
        </p>
    }
    .into_any()
}
