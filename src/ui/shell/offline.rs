//! Keeps the page for offline visits: registers a service worker, and caches what this visit needed from the page's own server.
//! The service worker itself is `sw.js`.

use js_sys::{Function, Reflect};
use leptos::prelude::*;
use leptos::task::spawn_local;
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::JsFuture;
use web_sys::{Cache, Request, RequestCache, RequestInit};

use super::needed::needed;
use crate::platform::get;
use crate::protocol::Work;
use crate::ui::state::{Choice, Results};

/// As in `sw.js`.
const CACHE: &str = "cardinal-page-1";

/// Keeps what the page needs after its first answer, and later whatever else it turns out to need.
pub(crate) fn keep_for_offline() {
    let choice = expect_context::<Choice>();
    let results = expect_context::<Results>();
    let has_answered = Memo::new(move |before: Option<&bool>| {
        let is_ready = results.work_now.with(|work| *work == Work::Ready) && results.answer.with(Option::is_some);
        is_ready || before == Some(&true)
    });
    let needed = Memo::new(move |_| needed(choice, results));
    Effect::new(move |before: Option<Vec<String>>| {
        if !has_answered.get() {
            return before.unwrap_or_default();
        }
        let all = needed.get();
        let is_first = before.as_ref().is_none_or(Vec::is_empty);
        let before = before.unwrap_or_default();
        let new: Vec<String> = all.iter().filter(|address| !before.contains(address)).cloned().collect();
        spawn_local(async move {
            if is_first {
                tell(keep_page(new).await.is_ok());
            } else {
                // A file that is not kept has to be fetched again; nothing else depends on it.
                let _ = keep(new).await;
            }
        });
        // A file that was needed once may be needed again.
        before.into_iter().chain(all).collect()
    });
}

/// Sets `data-offline`. Without a service worker or a cache, the next visit needs the network again.
fn tell(is_kept: bool) {
    if let Some(root) = document().document_element() {
        let _ = root.set_attribute("data-offline", if is_kept { "kept" } else { "none" });
    }
}

/// Registers the service worker and keeps the page, everything that it has fetched, and `needed`.
async fn keep_page(needed: Vec<String>) -> Result<(), JsValue> {
    let container = get(&window().navigator(), "serviceWorker");
    // Read before the new service worker takes over: a service worker that served this page has kept it.
    let was_given = get(&container, "controller").is_truthy();
    let register: Function = get(&container, "register").dyn_into()?;
    register.call1(&container, &"sw.js".into())?;
    let home = window().location().href()?;
    let home = home.split(['?', '#']).next().unwrap_or(&home);
    let home = &home[..home.rfind('/').map_or(0, |slash| slash + 1)];
    let mut addresses = fetched(home);
    addresses.extend(needed);
    keep(addresses).await?;
    // The page itself may be in the browser's own cache from before.
    if !was_given {
        add(&open().await?, home, RequestCache::NoCache).await?;
    }
    Ok(())
}

/// Addresses below `home` that the page's thread has fetched.
fn fetched(home: &str) -> Vec<String> {
    let Some(performance) = window().performance() else { return Vec::new() };
    let entries = performance.get_entries_by_type("resource");
    let names = entries.iter().filter_map(|entry| Reflect::get(&entry, &"name".into()).ok()?.as_string());
    names.filter(|name| name.starts_with(home)).collect()
}

async fn keep(mut addresses: Vec<String>) -> Result<(), JsValue> {
    let cache = open().await?;
    addresses.sort();
    addresses.dedup();
    for address in addresses {
        // Fetched just now: it comes from the browser's own cache, where that has it.
        add(&cache, &address, RequestCache::ForceCache).await?;
    }
    Ok(())
}

async fn open() -> Result<Cache, JsValue> {
    JsFuture::from(window().caches()?.open(CACHE)).await?.dyn_into()
}

async fn add(cache: &Cache, address: &str, how: RequestCache) -> Result<(), JsValue> {
    let options = RequestInit::new();
    options.set_cache(how);
    let request = Request::new_with_str_and_init(address, &options)?;
    // The others are kept even if this one cannot be.
    let _ = JsFuture::from(cache.add_with_request(&request)).await;
    Ok(())
}
