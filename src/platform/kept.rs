//! Files that the page keeps in the browser's cache, by names of its own. No server has them.

use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::JsFuture;
use web_sys::{Blob, Cache, CacheStorage, Response};

use super::js::get;

/// A cache of such files.
pub struct Kept(Cache);

fn caches() -> Option<CacheStorage> {
    get(&js_sys::global(), "caches").dyn_into().ok()
}

/// Only for the cache: nothing is asked for at this address.
fn address(name: &str) -> String {
    format!("kept/{name}")
}

impl Kept {
    /// Opens a cache, which is made where there is none; `None` where the browser has none for this page.
    pub async fn open(cache: &str) -> Option<Self> {
        let opened = JsFuture::from(caches()?.open(cache)).await.ok()?;
        Some(Self(opened.dyn_into().ok()?))
    }

    /// Whether there is a cache of this name.
    pub async fn has(cache: &str) -> bool {
        let Some(caches) = caches() else { return false };
        JsFuture::from(caches.has(cache)).await.is_ok_and(|has| has.is_truthy())
    }

    /// Removes a cache with all that is in it.
    pub async fn forget(cache: &str) {
        if let Some(caches) = caches() {
            // What cannot be removed is there again on the next visit.
            let _ = JsFuture::from(caches.delete(cache)).await;
        }
    }

    /// Keeps a file; says whether there was room for it.
    pub async fn put(&self, name: &str, file: &Blob) -> bool {
        let Ok(response) = Response::new_with_opt_blob(Some(file)) else { return false };
        JsFuture::from(self.0.put_with_str(&address(name), &response)).await.is_ok()
    }

    /// A file that is kept.
    pub async fn get(&self, name: &str) -> Option<Blob> {
        let found: JsValue = JsFuture::from(self.0.match_with_str(&address(name))).await.ok()?;
        let response: Response = found.dyn_into().ok()?;
        JsFuture::from(response.blob().ok()?).await.ok()?.dyn_into().ok()
    }

    /// Removes a file.
    pub async fn remove(&self, name: &str) {
        let _ = JsFuture::from(self.0.delete_with_str(&address(name))).await;
    }
}
