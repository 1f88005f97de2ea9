//! Tunings of the GPU's kernels, kept in the browser from visit to visit. A worker has no such storage of its own.

use leptos::prelude::window;
use web_sys::Storage;

const PREFIX: &str = "cardinal.tuning.";

/// `None` where the browser keeps nothing for this page.
fn storage() -> Option<Storage> {
    window().local_storage().ok()?
}

/// All that were kept, each with its key.
pub(crate) fn tunings() -> Vec<(String, String)> {
    let Some(storage) = storage() else { return Vec::new() };
    let keys = (0..storage.length().unwrap_or(0)).filter_map(|index| storage.key(index).ok()?);
    let tunings = keys.filter(|key| key.starts_with(PREFIX));
    tunings.filter_map(|key| storage.get_item(&key).ok()?.map(|tuning| (key, tuning))).collect()
}

/// Keeps one for the next visit.
pub(crate) fn keep_tuning(key: &str, tuning: &str) {
    if let Some(storage) = storage() {
        // Where storage is full or forbidden, the next visit measures again.
        let _ = storage.set_item(key, tuning);
    }
}
