//! Where the chunks of a file are stored: in the browser's cache, or as blobs in the browser's memory.

use std::cell::{Cell, RefCell};
use std::ops::Range;

use js_sys::Uint8Array;
use wasm_bindgen::JsValue;
use web_sys::Blob;

use super::cache_entry::CacheEntry;
use crate::platform::{blob, get, slice};
use crate::store::rules::manifest::Manifest;
use crate::store::{NotCached, Storage};

/// Where one chunk is stored.
enum Chunk {
    Cached,
    Memory(Blob),
}

/// The stored chunks of a file, from its first on.
pub(super) struct ChunkStore {
    entry: Option<CacheEntry>,
    chunks: RefCell<Vec<Chunk>>,
    storage: Cell<Storage>,
    /// Whether what the cache has belongs to this download.
    owns_entry: Cell<bool>,
    /// The chunk that was read last: tensors are small and are read in order.
    last_read: RefCell<Option<(usize, Blob)>>,
}

impl ChunkStore {
    /// A store without chunks, for the file at an absolute address. With `cache`, chunks go into the browser's cache.
    pub(super) async fn open(href: &str, cache: bool) -> Self {
        let entry = CacheEntry::open(href).await;
        let storage = match &entry {
            None => Storage::Memory(NotCached::NoCache),
            Some(_) if !cache => Storage::Memory(NotCached::NotRequested),
            Some(_) => Storage::Cache,
        };
        Self {
            entry,
            chunks: RefCell::default(),
            storage: Cell::new(storage),
            owns_entry: Cell::new(false),
            last_read: RefCell::default(),
        }
    }

    pub(super) fn storage(&self) -> Storage {
        self.storage.get()
    }

    /// How many chunks are stored.
    pub(super) fn count(&self) -> usize {
        self.chunks.borrow().len()
    }

    /// What the cache has of the file, and how many chunks from the first on.
    pub(super) async fn cached(&self) -> Option<(Manifest, u64)> {
        self.entry.as_ref()?.read().await
    }

    /// Takes over the first `count` chunks that the cache has.
    pub(super) fn resume(&self, count: u64, is_complete: bool) {
        *self.chunks.borrow_mut() = (0..count).map(|_| Chunk::Cached).collect();
        self.owns_entry.set(count > 0);
        if is_complete {
            self.storage.set(Storage::Cache);
        }
    }

    /// Forgets the chunks. What the cache has of them stays there until the first new chunk is stored.
    pub(super) fn forget(&self) {
        self.chunks.borrow_mut().clear();
        self.owns_entry.set(false);
        self.last_read.take();
    }

    /// Forgets the chunks and removes the file from the cache.
    pub(super) async fn remove(&self) {
        self.forget();
        if let Some(entry) = &self.entry {
            entry.clear().await;
        }
    }

    /// Stores the next chunk, in memory for now.
    ///
    /// # Errors
    /// What the browser throws where it has no memory for it.
    pub(super) fn push(&self, bytes: &[u8]) -> Result<(), JsValue> {
        let blob = blob(bytes)?;
        self.chunks.borrow_mut().push(Chunk::Memory(blob));
        Ok(())
    }

    /// Moves the chunk that was stored last from memory into the cache, if the file goes there.
    pub(super) async fn cache_last(&self, manifest: &Manifest) {
        if let (false, Some(entry), Storage::Cache) = (self.owns_entry.get(), &self.entry, self.storage.get()) {
            // No chunk of an older version may be taken for one of this version.
            entry.clear().await;
            self.put_manifest(manifest).await;
            self.owns_entry.set(true);
        }
        if let Some(last) = self.count().checked_sub(1) {
            self.cache(last).await;
        }
    }

    /// Records that the file is complete, once every chunk is in the cache.
    pub(super) async fn complete(&self, manifest: Manifest) {
        for index in 0..self.count() {
            // A download that was cancelled while it wrote a chunk into the cache has left that chunk in memory.
            self.cache(index).await;
        }
        self.put_manifest(&Manifest { complete: true, ..manifest }).await;
    }

    /// Moves a chunk from memory into the cache, if it is in memory and the file goes into the cache.
    async fn cache(&self, index: usize) {
        let (Some(entry), Storage::Cache) = (&self.entry, self.storage.get()) else { return };
        let in_memory = match self.chunks.borrow().get(index) {
            Some(Chunk::Memory(blob)) => blob.clone(),
            _ => return,
        };
        match entry.put_chunk(index, &in_memory).await {
            Ok(()) => {
                if let Some(chunk) = self.chunks.borrow_mut().get_mut(index) {
                    *chunk = Chunk::Cached;
                }
            }
            Err(error) => self.stay_in_memory(&error),
        }
    }

    async fn put_manifest(&self, manifest: &Manifest) {
        let (Some(entry), Storage::Cache) = (&self.entry, self.storage.get()) else { return };
        if let Err(error) = entry.put_manifest(manifest).await {
            self.stay_in_memory(&error);
        }
    }

    /// The cache has refused: what is not in it yet stays in memory.
    fn stay_in_memory(&self, error: &JsValue) {
        let is_full = get(error, "name").as_string().is_some_and(|name| name == "QuotaExceededError");
        self.storage.set(Storage::Memory(if is_full { NotCached::QuotaExceeded } else { NotCached::NoCache }));
    }

    /// Bytes of a chunk, still outside of WASM memory; `None` where the browser has removed them from its cache.
    pub(super) async fn read(&self, index: usize, range: Range<u64>) -> Option<Uint8Array> {
        let blob = self.chunk(index).await?;
        let length = range.end - range.start;
        let bytes = slice(&blob, range).await.ok()?;
        (u64::from(bytes.length()) == length).then_some(bytes)
    }

    async fn chunk(&self, index: usize) -> Option<Blob> {
        if let Some(Chunk::Memory(blob)) = self.chunks.borrow().get(index) {
            return Some(blob.clone());
        }
        if let Some((known, blob)) = &*self.last_read.borrow()
            && *known == index
        {
            return Some(blob.clone());
        }
        let blob = self.entry.as_ref()?.chunk(index).await?;
        *self.last_read.borrow_mut() = Some((index, blob.clone()));
        Some(blob)
    }
}
