//! Tunings of the GPU's kernels in the browser's local storage, for the next visit. Workers have no local storage.

use leptos::prelude::window;
use web_sys::Storage;

const PREFIX: &str = "cardinal.tuning.";

/// `None` where the browser stores nothing for this page.
fn storage() -> Option<Storage> {
    window().local_storage().ok()?
}

/// All stored tunings, each with its key.
pub(crate) fn tunings() -> Vec<(String, String)> {
    let Some(storage) = storage() else { return Vec::new() };
    let keys = (0..storage.length().unwrap_or(0)).filter_map(|index| storage.key(index).ok()?);
    let tunings = keys.filter(|key| key.starts_with(PREFIX));
    tunings.filter_map(|key| storage.get_item(&key).ok()?.map(|tuning| (key, tuning))).collect()
}

/// Stores a tuning for the next visit.
pub(crate) fn store_tuning(key: &str, tuning: &str) {
    if let Some(storage) = storage() {
        // Where storage is full or forbidden, the next visit measures again.
        let _ = storage.set_item(key, tuning);
    }
}
