//! Tunings of the GPU's kernels in the browser's local storage, for the next visit. Workers have no local storage.

use crate::platform::local_storage;

const PREFIX: &str = "cardinal.tuning.";

/// All stored tunings, each with its key.
pub(crate) fn tunings() -> Vec<(String, String)> {
    let Some(storage) = local_storage() else { return Vec::new() };
    let keys = (0..storage.length().unwrap_or(0)).filter_map(|index| storage.key(index).ok()?);
    let tunings = keys.filter(|key| key.starts_with(PREFIX));
    tunings.filter_map(|key| storage.get_item(&key).ok()?.map(|tuning| (key, tuning))).collect()
}

/// Stores a tuning for the next visit.
pub(crate) fn store_tuning(key: &str, tuning: &str) {
    if let Some(storage) = local_storage() {
        // Where storage is full or forbidden, the next visit measures again.
        let _ = storage.set_item(key, tuning);
    }
}
