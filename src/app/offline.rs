//! The next visit without a network: a service worker is registered, and what this visit fetched from the page's own
//! server is kept for it. The worker itself is `sw.js`.

use js_sys::{Function, Reflect};
use leptos::prelude::*;
use leptos::task::spawn_local;
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::JsFuture;
use web_sys::{Request, RequestCache, RequestInit};

use super::page::{Page, Work};

/// As in `sw.js`.
const CACHE: &str = "cardinal-page-1";

/// Once everything the page wanted has run for the first time.
pub fn prepare(page: Page) {
    Effect::new(move |done: Option<bool>| {
        if done == Some(true) {
            return true;
        }
        let ready = page.work.with(|work| matches!(work, Work::Ready)) && page.answer.with(Option::is_some);
        if ready {
            spawn_local(async {
                // Where there is no worker or no cache, the next visit needs the network, as this one did.
                let kept = if keep().await.is_ok() { "kept" } else { "none" };
                if let Some(root) = document().document_element() {
                    let _ = root.set_attribute("data-offline", kept);
                }
            });
        }
        ready
    });
}

async fn keep() -> Result<(), JsValue> {
    let container = Reflect::get(&window().navigator(), &"serviceWorker".into())?;
    // Before the new worker takes over: one that gave this page has kept it.
    let given_by_worker = Reflect::get(&container, &"controller".into())?.is_truthy();
    let register: Function = Reflect::get(&container, &"register".into())?.dyn_into()?;
    register.call1(&container, &"sw.js".into())?;

    let cache: web_sys::Cache = JsFuture::from(window().caches()?.open(CACHE)).await?.dyn_into()?;
    let home = window().location().href()?;
    let home = home.split(['?', '#']).next().unwrap_or(&home);
    let home = &home[..home.rfind('/').map_or(0, |slash| slash + 1)];
    let mut addresses = Vec::new();
    if let Some(performance) = window().performance() {
        let entries = performance.get_entries_by_type("resource");
        let names = entries.iter().filter_map(|entry| Reflect::get(&entry, &"name".into()).ok()?.as_string());
        for name in names.filter(|name| name.starts_with(home)) {
            if !addresses.contains(&name) {
                addresses.push(name);
            }
        }
    }
    for address in addresses {
        // Fetched just now: it comes from the browser's own cache, where that has it.
        add(&cache, &address, RequestCache::ForceCache).await?;
    }
    // The page itself may be in the browser's own cache from before.
    if !given_by_worker {
        add(&cache, home, RequestCache::NoCache).await?;
    }
    Ok(())
}

async fn add(cache: &web_sys::Cache, address: &str, how: RequestCache) -> Result<(), JsValue> {
    let options = RequestInit::new();
    options.set_cache(how);
    let request = Request::new_with_str_and_init(address, &options)?;
    // One that cannot be kept is no reason to keep none.
    let _ = JsFuture::from(cache.add_with_request(&request)).await;
    Ok(())
}
