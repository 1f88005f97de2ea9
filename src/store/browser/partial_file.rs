//! What has arrived of a file: its stored chunks, and behind them the chunk that is being filled.

use std::cell::RefCell;
use std::ops::Range;

use js_sys::Uint8Array;
use sha2::{Digest, Sha256};

use super::chunk_store::ChunkStore;
use super::file_url::FileUrl;
use crate::platform::words;
use crate::store::rules::chunk::{in_chunk, split_at_chunks};
use crate::store::rules::chunk_writer::ChunkWriter;
use crate::store::rules::manifest::{Manifest, Resume};
use crate::store::{CHUNK_BYTES, FetchError, Storage};

/// Bytes hashed at a time.
const HASH_BYTES: u64 = 1 << 20;

/// What has arrived of a file. It can be read while more is written.
pub(super) struct PartialFile {
    /// The server, for errors.
    host: String,
    chunks: ChunkStore,
    writer: RefCell<ChunkWriter>,
}

impl PartialFile {
    /// Nothing of the file at an address yet. With `cache`, it is stored in the browser's cache.
    pub(super) async fn open(address: &FileUrl, cache: bool) -> Self {
        let chunks = ChunkStore::open(&address.href, cache).await;
        Self { host: address.host.clone(), chunks, writer: RefCell::new(ChunkWriter::new(0)) }
    }

    /// What the cache has of the file, and how many chunks from the first on.
    pub(super) async fn cached(&self) -> Option<(Manifest, u64)> {
        self.chunks.cached().await
    }

    /// Goes on from what the cache has.
    pub(super) fn resume(&self, resume: &Resume) {
        self.chunks.resume(resume.chunks, resume.is_complete);
        *self.writer.borrow_mut() = ChunkWriter::new(resume.arrived);
    }

    pub(super) fn storage(&self) -> Storage {
        self.chunks.storage()
    }

    /// Bytes from the first on that can be read.
    pub(super) fn readable(&self) -> u64 {
        self.writer.borrow().readable()
    }

    /// Offset of the next byte to be written.
    pub(super) fn position(&self) -> u64 {
        self.writer.borrow().position()
    }

    /// The most bytes that the next [`PartialFile::write`] takes. Zero asks for [`PartialFile::store_chunk`].
    pub(super) fn space(&self) -> u32 {
        self.writer.borrow().space() as u32
    }

    /// Appends bytes, at most [`PartialFile::space`].
    ///
    /// # Errors
    /// The file is a web page.
    pub(super) fn write(&self, bytes: &Uint8Array) -> Result<(), FetchError> {
        let mut writer = self.writer.borrow_mut();
        writer.write(bytes.length() as usize, |slice| bytes.copy_to(slice)).map_err(|_| self.html())
    }

    /// No more bytes follow in this response: what is shorter than what is sniffed becomes readable.
    ///
    /// # Errors
    /// The file is a web page.
    pub(super) fn end(&self) -> Result<(), FetchError> {
        self.writer.borrow_mut().sniff().map_err(|_| self.html())
    }

    fn html(&self) -> FetchError {
        FetchError::Html { host: self.host.clone() }
    }

    /// Stores what is in no chunk yet as the next one.
    ///
    /// # Errors
    /// The browser has no memory for it, in its words.
    pub(super) async fn store_chunk(&self, manifest: &Manifest) -> Result<(), String> {
        {
            // Readers find the bytes in one place or the other: nothing is awaited in between.
            let mut writer = self.writer.borrow_mut();
            if writer.buffered().is_empty() {
                return Ok(());
            }
            self.chunks.push(writer.buffered()).map_err(|error| words(&error))?;
            writer.advance();
        }
        self.chunks.cache_last(manifest).await;
        Ok(())
    }

    /// Forgets what has arrived.
    pub(super) fn clear(&self) {
        self.chunks.forget();
        self.writer.borrow_mut().restart();
    }

    /// Forgets what has arrived, and removes it from the cache.
    pub(super) async fn discard(&self) {
        let has_stored = self.chunks.count() > 0;
        self.clear();
        // Where nothing was stored, what the cache has belongs to another download.
        if has_stored {
            self.chunks.remove().await;
        }
    }

    /// Hashes what has arrived, so that hashing goes on from there.
    ///
    /// # Errors
    /// The browser has removed some of it from its cache.
    pub(super) async fn hash(&self) -> Result<(), FetchError> {
        let mut hash = Sha256::new();
        let mut bytes = Vec::new();
        let end = self.readable();
        let mut at = 0;
        while at < end {
            let until = (at + HASH_BYTES).min(end);
            bytes.clear();
            self.read(at..until, &mut bytes).await?;
            hash.update(&bytes);
            at = until;
        }
        self.writer.borrow_mut().continue_hash(hash);
        Ok(())
    }

    /// The SHA-256 of the file, now that all of it is stored, in lower-case hexadecimal digits; `None` where it was not hashed.
    pub(super) fn finish(&self) -> Option<String> {
        self.writer.borrow_mut().finish()
    }

    /// Records in the cache that the file is complete.
    pub(super) async fn complete(&self, manifest: Manifest) {
        self.chunks.complete(manifest).await;
    }

    /// Appends a range that is readable to `bytes`.
    ///
    /// # Errors
    /// The browser has removed some of it from its cache.
    pub(super) async fn read(&self, range: Range<u64>, bytes: &mut Vec<u8>) -> Result<(), FetchError> {
        for part in split_at_chunks(range) {
            if let Some(buffered) = self.writer.borrow().slice(&part) {
                bytes.extend_from_slice(buffered);
                continue;
            }
            let (index, range) = in_chunk(&part);
            let stored = self.chunks.read(index, range).await;
            let stored = stored.ok_or_else(|| FetchError::Evicted { host: self.host.clone() })?;
            let length = bytes.len();
            bytes.resize(length + stored.length() as usize, 0);
            stored.copy_to(&mut bytes[length..]);
        }
        Ok(())
    }

    /// What was at hand for readers can go, up to a chunk: they have read the end of the file.
    pub(super) fn was_read(&self, total: u64) {
        self.chunks.was_read(total.div_ceil(CHUNK_BYTES) as usize - 1);
    }
}
