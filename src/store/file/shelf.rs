//! A file's place in the browser's cache: its pieces and a note about them, each under an address of its own.

use js_sys::Array;
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::JsFuture;
use web_sys::{Blob, Cache, CacheStorage, Headers, Request, Response, ResponseInit};

use super::address::Address;
use crate::order;
use crate::platform::get;
use crate::store::PIECE;

const CACHE: &str = "cardinal-weights-1";
/// What is added to a file's address: after a `?`, or after a `&` where it has a query already.
const NOTE: &str = "cardinal-manifest";
const NUMBERED: &str = "cardinal-piece=";

/// What is remembered of a file beside its pieces; kept as the headers of an empty response.
#[derive(Clone, Debug, Default)]
pub(super) struct Note {
    /// Bytes of the whole file.
    pub total: Option<u64>,
    /// The server's word for this version of it: see `Flight`.
    pub version: Option<String>,
    /// The hash it must have, and has if it is complete.
    pub sha256: Option<String>,
    /// Whether every piece is there.
    pub complete: bool,
}

/// A file in the browser's cache.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct KeptFile {
    pub url: String,
    /// What is there of it.
    pub bytes: u64,
    /// Whether that is all of it; if not, a download goes on from there.
    pub complete: bool,
}

/// The files in the browser's cache, by address; none where there is no cache.
pub async fn kept() -> Vec<KeptFile> {
    let Some(cache) = cache().await else { return Vec::new() };
    let keys = keys(&cache).await;
    let mut files: Vec<KeptFile> = Vec::new();
    for key in &keys {
        let Some(url) = key.strip_suffix(NOTE).and_then(|url| url.strip_suffix(['?', '&'])) else { continue };
        let shelf = Shelf { cache: cache.clone(), href: url.to_owned() };
        let Some(note) = shelf.note().await else { continue };
        let pieces = keys.iter().filter(|key| shelf.number(key).is_some()).count() as u64;
        let bytes = (pieces * PIECE).min(note.total.unwrap_or(u64::MAX));
        // A handful, in the order of their addresses.
        let place = files.partition_point(|known| known.url.as_str() < url);
        files.insert(place, KeptFile { url: url.to_owned(), bytes, complete: note.complete });
    }
    files
}

/// Takes a file out of the browser's cache, whole or not; whether there was anything of it.
pub async fn remove(url: &str) -> bool {
    let Some(address) = Address::of(url) else { return false };
    match Shelf::of(&address.href).await {
        Some(shelf) => shelf.clear().await,
        None => false,
    }
}

/// `None` where the browser has no cache for this page: not over plain HTTP, not in every frame, not with storage off.
async fn cache() -> Option<Cache> {
    let caches: CacheStorage = get(&js_sys::global(), "caches").dyn_into().ok()?;
    JsFuture::from(caches.open(CACHE)).await.ok()?.dyn_into().ok()
}

async fn keys(cache: &Cache) -> Vec<String> {
    let keys = JsFuture::from(cache.keys()).await.unwrap_or_default();
    let keys: Array = keys.dyn_into().unwrap_or_default();
    keys.iter().map(|request| request.unchecked_into::<Request>().url()).collect()
}

pub(super) struct Shelf {
    cache: Cache,
    href: String,
}

impl Shelf {
    pub(super) async fn of(href: &str) -> Option<Self> {
        Some(Self { cache: cache().await?, href: href.to_owned() })
    }

    fn key(&self, name: &str) -> String {
        let sign = if self.href.contains('?') { '&' } else { '?' };
        format!("{}{sign}{name}", self.href)
    }

    /// The name under which `key` keeps a part of this file.
    fn name<'a>(&self, key: &'a str) -> Option<&'a str> {
        let name = key.strip_prefix(&self.href)?.strip_prefix(['?', '&'])?;
        (name == NOTE || name.starts_with(NUMBERED)).then_some(name)
    }

    /// The piece that `key` keeps of this file.
    fn number(&self, key: &str) -> Option<u64> {
        self.name(key)?.strip_prefix(NUMBERED)?.parse().ok()
    }

    async fn find(&self, name: &str) -> Option<Response> {
        JsFuture::from(self.cache.match_with_str(&self.key(name))).await.ok()?.dyn_into().ok()
    }

    pub(super) async fn note(&self) -> Option<Note> {
        let headers = self.find(NOTE).await?.headers();
        let header = |name| headers.get(name).ok().flatten();
        Some(Note {
            total: header("x-cardinal-bytes").and_then(|bytes| bytes.parse().ok()),
            version: header("x-cardinal-version"),
            sha256: header("x-cardinal-sha256"),
            complete: header("x-cardinal-complete").is_some(),
        })
    }

    pub(super) async fn write(&self, note: &Note) -> Result<(), JsValue> {
        let headers = Headers::new()?;
        let total = note.total.map(|total| total.to_string());
        let complete = note.complete.then(|| "yes".to_owned());
        for (name, value) in [
            ("x-cardinal-bytes", &total),
            ("x-cardinal-version", &note.version),
            ("x-cardinal-sha256", &note.sha256),
            ("x-cardinal-complete", &complete),
        ] {
            if let Some(value) = value {
                headers.set(name, value)?;
            }
        }
        let init = ResponseInit::new();
        init.set_headers(&headers);
        self.put(NOTE, &Response::new_with_opt_str_and_init(None, &init)?).await
    }

    pub(super) async fn put_piece(&self, index: usize, blob: &Blob) -> Result<(), JsValue> {
        self.put(&format!("{NUMBERED}{index}"), &Response::new_with_opt_blob(Some(blob))?).await
    }

    async fn put(&self, name: &str, response: &Response) -> Result<(), JsValue> {
        JsFuture::from(self.cache.put_with_str(&self.key(name), response)).await.map(|_| ())
    }

    pub(super) async fn piece(&self, index: usize) -> Option<Blob> {
        let blob = self.find(&format!("{NUMBERED}{index}")).await?.blob().ok()?;
        JsFuture::from(blob).await.ok()?.dyn_into().ok()
    }

    /// How many pieces are there from the first on without a gap.
    pub(super) async fn pieces(&self) -> u64 {
        let found = keys(&self.cache).await.iter().filter_map(|key| self.number(key)).collect();
        let sorted: Vec<u64> = order::by_key(found, |&number| (number, 0));
        sorted.iter().zip(0..).take_while(|(found, expected)| *found == expected).count() as u64
    }

    /// Removes everything of the file; whether there was anything.
    pub(super) async fn clear(&self) -> bool {
        let mut any = false;
        for key in keys(&self.cache).await {
            if self.name(&key).is_some() {
                any |= JsFuture::from(self.cache.delete_with_str(&key)).await.is_ok();
            }
        }
        any
    }
}
