//! Bytes that a worker keeps for the next visit, by name. A write replaces what was there in one step.

use js_sys::{Array, Uint8Array};
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::JsFuture;
use web_sys::{Blob, Cache, CacheStorage, Response};

use crate::platform::{compose, get, read, words};

/// The cache of what is kept.
const CACHE: &str = "cardinal-kept-1";

async fn cache() -> Result<Cache, JsValue> {
    let caches: CacheStorage = get(&js_sys::global(), "caches").dyn_into()?;
    Ok(JsFuture::from(caches.open(CACHE)).await?.unchecked_into())
}

/// Keeps bytes under a name, one part after the other.
///
/// # Errors
/// Why the browser does not keep them, in words.
pub async fn keep(name: &str, parts: &[&[u8]]) -> Result<(), String> {
    let put = async {
        let parts = parts.iter().map(|part| Uint8Array::from(*part)).collect::<Array>();
        let response = Response::new_with_opt_blob(Some(&compose(&parts, "")?))?;
        JsFuture::from(cache().await?.put_with_str(&address(name), &response)).await
    };
    put.await.map(drop).map_err(|error| words(&error))
}

/// The first of the bytes under a name, at most so many; `None` where there are none.
pub async fn kept(name: &str, most: u64) -> Option<Vec<u8>> {
    let found = JsFuture::from(cache().await.ok()?.match_with_str(&address(name))).await.ok()?;
    let response: Response = found.dyn_into().ok()?;
    let file: Blob = JsFuture::from(response.blob().ok()?).await.ok()?.dyn_into().ok()?;
    read(&file, most.min(file.size() as u64)).await.ok()
}

/// Forgets what is kept under a name.
pub async fn forget(name: &str) {
    if let Ok(cache) = cache().await {
        // What cannot be removed is replaced by what is kept next.
        let _ = JsFuture::from(cache.delete_with_str(&address(name))).await;
    }
}

fn address(name: &str) -> String {
    format!("cardinal-kept/{name}")
}
