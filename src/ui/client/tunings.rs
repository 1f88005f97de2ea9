//! Tunings of the GPU's kernels in the browser's local storage, for the next visit. Workers have no local storage.

use crate::platform::{all_stored, store};

/// All stored tunings, each with its key.
pub(crate) fn tunings() -> Vec<(String, String)> {
    all_stored("cardinal.tuning.")
}

/// Stores a tuning for the next visit, which measures again where this fails.
pub(crate) fn store_tuning(key: &str, tuning: &str) {
    store(key, tuning);
}
