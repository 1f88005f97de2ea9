//! Keeps the page for offline visits, and says how much of it is kept: registers a service worker, caches what this visit needed
//! from the page's own server, and then, unless the connection is metered, everything else that comes with the page.
//! The service worker itself is `sw.js`.

use js_sys::{Function, Reflect};
use leptos::prelude::*;
use leptos::task::spawn_local;
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::JsFuture;
use web_sys::{Cache, CacheStorage, Request, RequestCache, RequestInit};

use super::needed::needed;
use crate::platform::{get, sleep, store, stored};
use crate::protocol::Work;
use crate::ui::client::{ANSWERS, READS_TORCH, SHARES, worker_files};
use crate::ui::state::{Choice, Results};
use crate::view::number;
use crate::zoo::offline;

/// As in `sw.js`.
const CACHE: &str = "cardinal-page-1";
/// The key in local storage of the build whose files are all kept.
const WHOLE: &str = "cardinal.offline";
/// Milliseconds between two looks at whether the page is idle.
const PAUSE_MS: i32 = 1000;

/// How much is kept for offline visits.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Kept {
    /// It is not known yet.
    Unknown,
    /// The browser keeps nothing.
    Nothing,
    /// What was used: the connection is metered.
    Used,
    /// The rest is being fetched.
    Coming,
    /// Not all of the rest could be fetched.
    Part,
    Whole,
}

impl Kept {
    /// Its name as `data-state`.
    fn name(self) -> &'static str {
        match self {
            Self::Unknown => "unknown",
            Self::Nothing => "nothing",
            Self::Used => "used",
            Self::Coming => "coming",
            Self::Part => "part",
            Self::Whole => "whole",
        }
    }

    fn words(self) -> String {
        match self {
            Self::Unknown => String::new(),
            Self::Nothing => {
                "This page cannot be opened offline: the browser keeps no files for it (a private window or a page \
                 without https, perhaps)."
                    .into()
            }
            Self::Used => "Your connection is metered: only what you use is kept for offline visits.".into(),
            Self::Coming => format!("Downloading {} for offline visits.", number::bytes(offline::BYTES)),
            Self::Part => "Not everything could be kept for offline visits. The next visit tries again.".into(),
            Self::Whole => {
                "Works offline: the page, its three networks and its pictures are kept in this browser.".into()
            }
        }
    }
}

/// The line below the network that says how much is kept. It keeps what the page needs after its first answer, later whatever
/// else the page turns out to need, and the rest while the page is idle.
#[component]
pub(crate) fn OfflineNote() -> impl IntoView {
    let kept = RwSignal::new(Kept::Unknown);
    let results = expect_context::<Results>();
    keep_for_offline(kept, results);
    let keep = move |_| spawn_local(keep_rest(kept, results));
    let button = move || {
        (kept.get() == Kept::Used).then(|| {
            let label = format!("Keep everything ({})", number::bytes(offline::BYTES));
            view! { <button type="button" class="plain" on:click=keep>{label}</button> }
        })
    };
    view! {
        <p id="offline" class="meta" data-state=move || kept.get().name()>
            {move || kept.get().words()}
            {button}
        </p>
    }
}

fn keep_for_offline(kept: RwSignal<Kept>, results: Results) {
    let choice = expect_context::<Choice>();
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
        let before = before.unwrap_or_default();
        let is_first = before.is_empty();
        let new: Vec<String> = all.into_iter().filter(|address| !before.contains(address)).collect();
        // A file that was needed once may be needed again.
        let so_far = before.into_iter().chain(new.iter().cloned()).collect();
        spawn_local(async move {
            if is_first {
                let is_kept = keep_page(new).await.is_ok();
                tell(is_kept);
                if !is_kept {
                    kept.set(Kept::Nothing);
                } else if is_metered() && !is_whole() {
                    kept.set(Kept::Used);
                } else {
                    keep_rest(kept, results).await;
                }
            } else {
                // A file that is not kept has to be fetched again; nothing else depends on it.
                let _ = keep(new).await;
            }
        });
        so_far
    });
}

/// Sets `data-offline`. Without a service worker or a cache, the next visit needs the network again.
fn tell(is_kept: bool) {
    if let Some(root) = document().document_element() {
        let _ = root.set_attribute("data-offline", if is_kept { "kept" } else { "none" });
    }
}

/// Whether the visitor's connection is said to cost by the byte.
fn is_metered() -> bool {
    let connection = get(&window().navigator(), "connection");
    get(&connection, "saveData").is_truthy()
        || get(&connection, "type").as_string().is_some_and(|kind| kind == "cellular")
}

/// The name of this build: the worker's file has a hash in its name, and the list of files is part of the worker.
fn build() -> String {
    worker_files(ANSWERS).into_iter().next().unwrap_or_default()
}

/// Whether an earlier visit has kept all files of this build.
fn is_whole() -> bool {
    stored(WHOLE).is_some_and(|whole| whole == build())
}

/// Keeps all files that come with the page, one after the other while the page is idle.
async fn keep_rest(kept: RwSignal<Kept>, results: Results) {
    let is_known = is_whole();
    let outcome = async {
        let cache = open().await?;
        let code = [READS_TORCH, SHARES].into_iter().flat_map(worker_files);
        for address in code.chain(offline::files()) {
            // The browser may have removed a file meanwhile.
            if is_known && JsFuture::from(cache.match_with_str(&address)).await?.is_truthy() {
                continue;
            }
            kept.set(Kept::Coming);
            while results.work_now.with_untracked(|work| *work != Work::Ready) {
                sleep(PAUSE_MS).await;
            }
            // The server says whether it is still the same file.
            add(&cache, &address, RequestCache::NoCache).await?;
        }
        Ok::<(), JsValue>(())
    };
    let is_whole = outcome.await.is_ok();
    if is_whole {
        // Where this fails, the next visit asks again.
        store(WHOLE, &build());
    }
    kept.set(if is_whole { Kept::Whole } else { Kept::Part });
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
        let _ = add(&open().await?, home, RequestCache::NoCache).await;
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
        // The others are kept even if this one cannot be.
        let _ = add(&cache, &address, RequestCache::ForceCache).await;
    }
    Ok(())
}

async fn open() -> Result<Cache, JsValue> {
    // Plain http has none.
    let caches: CacheStorage = get(&window(), "caches").dyn_into()?;
    JsFuture::from(caches.open(CACHE)).await?.dyn_into()
}

async fn add(cache: &Cache, address: &str, how: RequestCache) -> Result<(), JsValue> {
    let options = RequestInit::new();
    options.set_cache(how);
    let request = Request::new_with_str_and_init(address, &options)?;
    JsFuture::from(cache.add_with_request(&request)).await.map(drop)
}
