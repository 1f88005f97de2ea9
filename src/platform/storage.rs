//! Texts in local storage, which workers do not have. Where it is full or forbidden, nothing is stored and nothing is found.

use web_sys::Storage;

fn local_storage() -> Option<Storage> {
    web_sys::window()?.local_storage().ok()?
}

/// What is stored under a key.
pub fn stored(key: &str) -> Option<String> {
    local_storage()?.get_item(key).ok()?
}

/// All that is stored under keys that begin with `prefix`, each with its key.
pub fn all_stored(prefix: &str) -> Vec<(String, String)> {
    let Some(storage) = local_storage() else { return Vec::new() };
    let keys = (0..storage.length().unwrap_or(0)).filter_map(|place| storage.key(place).ok()?);
    let keys = keys.filter(|key| key.starts_with(prefix));
    keys.filter_map(|key| storage.get_item(&key).ok()?.map(|text| (key, text))).collect()
}

/// Stores a text under a key; says whether that worked.
pub fn store(key: &str, text: &str) -> bool {
    local_storage().is_some_and(|storage| storage.set_item(key, text).is_ok())
}

/// Removes what is stored under a key. What cannot be removed comes again on the next visit.
pub fn remove_stored(key: &str) {
    if let Some(storage) = local_storage() {
        let _ = storage.remove_item(key);
    }
}
