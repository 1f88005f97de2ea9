//! Where the chunks of a file are stored: in the browser's cache, or as blobs in the browser's memory.

use std::cell::{Cell, RefCell};
use std::collections::VecDeque;
use std::ops::Range;

use js_sys::{Array, Uint8Array};
use wasm_bindgen::JsValue;
use wasm_bindgen_futures::JsFuture;
use web_sys::Blob;

use super::cache_entry::CacheEntry;
use crate::platform::{get, slice};
use crate::store::rules::manifest::Manifest;
use crate::store::{NotCached, Storage};

/// How many chunks are at hand for readers: whoever reads while a file arrives is not far behind, and a layer's tensors are not far
/// apart.
const AT_HAND: usize = 4;
/// How many chunks are written into the cache at a time. One after the other takes almost twice as long.
const AT_A_TIME: usize = 4;

/// Where one chunk is stored.
enum Chunk {
    Cached,
    Memory(Blob),
}

/// A write into the cache that is under way.
struct Writing {
    /// Of the chunk; `None` where that was forgotten meanwhile.
    index: Option<usize>,
    put: JsFuture,
}

/// The stored chunks of a file, from its first on.
pub(super) struct ChunkStore {
    entry: Option<CacheEntry>,
    chunks: RefCell<Vec<Chunk>>,
    storage: Cell<Storage>,
    /// Whether what the cache has belongs to this download.
    owns_entry: Cell<bool>,
    /// At most [`AT_A_TIME`]; the next chunk arrives meanwhile.
    writing: RefCell<VecDeque<Writing>>,
    /// The chunks that were stored or read last, at most [`AT_HAND`], outside of WASM memory: to read a blob takes a turn of the event
    /// loop and more.
    at_hand: RefCell<VecDeque<(usize, Uint8Array)>>,
    /// Whether the end of the file has been read, so that no more of it will be for a while.
    is_read: Cell<bool>,
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
            writing: RefCell::default(),
            at_hand: RefCell::default(),
            is_read: Cell::new(false),
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
        self.at_hand.take();
        self.is_read.set(false);
        for writing in &mut *self.writing.borrow_mut() {
            writing.index = None;
        }
    }

    /// Forgets the chunks and removes the file from the cache.
    pub(super) async fn remove(&self) {
        self.forget();
        self.settle(0).await;
        if let Some(entry) = &self.entry {
            entry.clear().await;
        }
    }

    /// Stores the next chunk, in memory for now.
    ///
    /// # Errors
    /// What the browser throws where it has no memory for it.
    pub(super) fn push(&self, bytes: &[u8]) -> Result<(), JsValue> {
        let bytes = Uint8Array::from(bytes);
        let blob = Blob::new_with_u8_array_sequence(&Array::of1(&bytes))?;
        self.chunks.borrow_mut().push(Chunk::Memory(blob));
        if !self.is_read.get() {
            self.put_at_hand(self.count() - 1, bytes);
        }
        Ok(())
    }

    /// Begins to move the chunk that was stored last from memory into the cache, if the file goes there, as soon as few enough others are
    /// on their way.
    pub(super) async fn cache_last(&self, manifest: &Manifest) {
        self.settle(AT_A_TIME - 1).await;
        if let (false, Some(entry), Storage::Cache) = (self.owns_entry.get(), &self.entry, self.storage.get()) {
            // No chunk of an older version may be taken for one of this version.
            self.settle(0).await;
            entry.clear().await;
            self.put_manifest(manifest).await;
            self.owns_entry.set(true);
        }
        if let Some(last) = self.count().checked_sub(1) {
            self.begin_to_cache(last);
        }
    }

    /// Records that the file is complete, once every chunk is in the cache.
    pub(super) async fn complete(&self, manifest: Manifest) {
        self.settle(0).await;
        for index in 0..self.count() {
            // A download that was cancelled while it wrote a chunk into the cache has left that chunk in memory.
            self.begin_to_cache(index);
            self.settle(0).await;
        }
        self.put_manifest(&Manifest { complete: true, ..manifest }).await;
    }

    /// Begins to move a chunk from memory into the cache, if it is in memory and the file goes into the cache.
    fn begin_to_cache(&self, index: usize) {
        let (Some(entry), Storage::Cache) = (&self.entry, self.storage.get()) else { return };
        let put = match self.chunks.borrow().get(index) {
            Some(Chunk::Memory(blob)) => entry.put_chunk(index, blob),
            _ => return,
        };
        match put {
            Ok(put) => self.writing.borrow_mut().push_back(Writing { index: Some(index), put }),
            Err(error) => self.stay_in_memory(&error),
        }
    }

    /// Waits until no more than `most` chunks are being written. Those that were are in the cache then, or it has refused them.
    async fn settle(&self, most: usize) {
        loop {
            let first = {
                let mut writing = self.writing.borrow_mut();
                if writing.len() <= most {
                    return;
                }
                writing.pop_front()
            };
            let Some(Writing { index, put }) = first else { return };
            match put.await {
                Ok(_) => {
                    let mut chunks = self.chunks.borrow_mut();
                    if let Some(chunk) = index.and_then(|index| chunks.get_mut(index)) {
                        *chunk = Chunk::Cached;
                    }
                }
                Err(error) => self.stay_in_memory(&error),
            }
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
        let known = self.at_hand.borrow().iter().find(|(known, _)| *known == index).map(|(_, bytes)| bytes.clone());
        let chunk = match known {
            Some(bytes) => bytes,
            None => {
                let bytes = self.chunk(index).await?;
                self.put_at_hand(index, bytes.clone());
                bytes
            }
        };
        (range.end <= u64::from(chunk.length())).then(|| chunk.subarray(range.start as u32, range.end as u32))
    }

    /// The end of the file has been read: of its chunks only the last one stays at hand.
    pub(super) fn was_read(&self, last: usize) {
        self.is_read.set(true);
        self.at_hand.borrow_mut().retain(|(index, _)| *index == last);
    }

    fn put_at_hand(&self, index: usize, bytes: Uint8Array) {
        let mut at_hand = self.at_hand.borrow_mut();
        at_hand.truncate(AT_HAND - 1);
        at_hand.push_front((index, bytes));
    }

    async fn chunk(&self, index: usize) -> Option<Uint8Array> {
        let in_memory = match self.chunks.borrow().get(index) {
            Some(Chunk::Memory(blob)) => Some(blob.clone()),
            _ => None,
        };
        match in_memory {
            Some(blob) => slice(&blob, 0..blob.size() as u64).await.ok(),
            None => self.entry.as_ref()?.chunk(index).await,
        }
    }
}
