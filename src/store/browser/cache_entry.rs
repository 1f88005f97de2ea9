//! A file's entry in the browser's cache: its manifest and its chunks, each a response under an address of its own.

use js_sys::{Array, Uint8Array};
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::JsFuture;
use web_sys::{Blob, Cache, CacheStorage, Headers, Request, Response, ResponseInit};

use super::file_url::FileUrl;
use crate::platform::get;
use crate::store::rules::manifest::Manifest;
use crate::store::{CHUNK_BYTES, CachedFile};

/// The cache of all files. Visitors have caches with this name, and with the names below: they stay as they are.
const CACHE: &str = "cardinal-weights-1";
/// What the addresses of an entry add to the file's: after a `?`, or after a `&` where the file's has a query.
const MANIFEST: &str = "cardinal-manifest";
const CHUNK: &str = "cardinal-piece=";

/// The files in the browser's cache, sorted by address; none where there is no cache.
pub async fn cached_files() -> Vec<CachedFile> {
    let Some(cache) = cache().await else { return Vec::new() };
    let addresses = addresses(&cache).await;
    let mut files: Vec<CachedFile> = Vec::new();
    for address in &addresses {
        let url = address.strip_suffix(MANIFEST).and_then(|url| url.strip_suffix(['?', '&']));
        let Some(url) = url.map(str::to_owned) else { continue };
        let entry = CacheEntry { cache: cache.clone(), href: url.clone() };
        let Some(manifest) = entry.manifest().await else { continue };
        let chunks = addresses.iter().filter(|address| entry.chunk_index(address).is_some()).count() as u64;
        let bytes = (chunks * CHUNK_BYTES).min(manifest.total.unwrap_or(u64::MAX));
        let index = files.partition_point(|known| known.url < url);
        files.insert(index, CachedFile { url, bytes, complete: manifest.complete });
    }
    files
}

/// Removes a file from the browser's cache, whether it is complete or not; says whether there was anything of it.
pub async fn remove(url: &str) -> bool {
    let Some(address) = FileUrl::parse(url) else { return false };
    match CacheEntry::open(&address.href).await {
        Some(entry) => entry.clear().await,
        None => false,
    }
}

/// `None` where the browser has no cache for this page: over plain HTTP, in some frames, and where storage is off.
async fn cache() -> Option<Cache> {
    let caches: CacheStorage = get(&js_sys::global(), "caches").dyn_into().ok()?;
    JsFuture::from(caches.open(CACHE)).await.ok()?.dyn_into().ok()
}

/// The addresses of everything in the cache.
async fn addresses(cache: &Cache) -> Vec<String> {
    let requests = JsFuture::from(cache.keys()).await.unwrap_or_default();
    let requests: Array = requests.dyn_into().unwrap_or_default();
    requests.iter().map(|request| request.unchecked_into::<Request>().url()).collect()
}

/// A file's entry in the browser's cache, which may be empty.
pub(super) struct CacheEntry {
    cache: Cache,
    /// The file's address, absolute.
    href: String,
}

impl CacheEntry {
    /// The entry of the file at an absolute address; `None` where there is no cache.
    pub(super) async fn open(href: &str) -> Option<Self> {
        Some(Self { cache: cache().await?, href: href.to_owned() })
    }

    /// What the entry has of the file, and how many chunks are there from the first on without a gap; `None` where it is empty.
    pub(super) async fn read(&self) -> Option<(Manifest, u64)> {
        let manifest = self.manifest().await?;
        let found: Vec<u64> =
            addresses(&self.cache).await.iter().filter_map(|address| self.chunk_index(address)).collect();
        let chunks = (0..).take_while(|index| found.contains(index)).count();
        Some((manifest, chunks as u64))
    }

    async fn manifest(&self) -> Option<Manifest> {
        let headers = self.find(MANIFEST).await?.headers();
        Some(Manifest::from_headers(|name| headers.get(name).ok().flatten()))
    }

    /// A chunk, still outside of WASM memory; `None` where the browser has removed it.
    pub(super) async fn chunk(&self, index: usize) -> Option<Uint8Array> {
        let buffer = self.find(&format!("{CHUNK}{index}")).await?.array_buffer().ok()?;
        Some(Uint8Array::new(&JsFuture::from(buffer).await.ok()?))
    }

    /// Writes the manifest.
    ///
    /// # Errors
    /// What the browser throws; `QuotaExceededError` where the disk is full.
    pub(super) async fn put_manifest(&self, manifest: &Manifest) -> Result<(), JsValue> {
        let headers = Headers::new()?;
        for (name, value) in manifest.headers() {
            headers.set(name, &value)?;
        }
        let init = ResponseInit::new();
        init.set_headers(&headers);
        self.put(MANIFEST, &Response::new_with_opt_str_and_init(None, &init)?).await.map(|_| ())
    }

    /// Begins to write a chunk; what it returns tells when that is done.
    ///
    /// # Errors
    /// As [`CacheEntry::put_manifest`], now or then.
    pub(super) fn put_chunk(&self, index: usize, blob: &Blob) -> Result<JsFuture, JsValue> {
        Ok(self.put(&format!("{CHUNK}{index}"), &Response::new_with_opt_blob(Some(blob))?))
    }

    /// Removes everything of the file; says whether there was anything.
    pub(super) async fn clear(&self) -> bool {
        let mut any = false;
        for address in addresses(&self.cache).await {
            if self.name(&address).is_some() {
                any |= JsFuture::from(self.cache.delete_with_str(&address)).await.is_ok();
            }
        }
        any
    }

    fn address(&self, name: &str) -> String {
        let sign = if self.href.contains('?') { '&' } else { '?' };
        format!("{}{sign}{name}", self.href)
    }

    /// The name of a part of this entry, by the part's address; `None` for all other addresses.
    fn name<'a>(&self, address: &'a str) -> Option<&'a str> {
        let name = address.strip_prefix(&self.href)?.strip_prefix(['?', '&'])?;
        (name == MANIFEST || name.starts_with(CHUNK)).then_some(name)
    }

    /// The index of a chunk of this entry, by the chunk's address.
    fn chunk_index(&self, address: &str) -> Option<u64> {
        self.name(address)?.strip_prefix(CHUNK)?.parse().ok()
    }

    async fn find(&self, name: &str) -> Option<Response> {
        JsFuture::from(self.cache.match_with_str(&self.address(name))).await.ok()?.dyn_into().ok()
    }

    fn put(&self, name: &str, response: &Response) -> JsFuture {
        JsFuture::from(self.cache.put_with_str(&self.address(name), response))
    }
}
