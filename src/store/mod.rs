//! Weights files from the network, from the browser's cache and from disk, each a [`ByteSource`] that can be read while it
//! arrives. The files themselves are wasm32 only; what is asked for, how far it is and why it fails is plain data.
//!
//! ```text
//!                               Download   run, cancel, wait, read
//!                                  │
//!                               Transfer   request, resume, retry, verify
//!              ┌───────────────────┼───────────────────┐
//!              ▼                   ▼                   ▼
//!        ResponseStream        RemoteFile          PartialFile   what has arrived
//!        one request and       size, version,     ┌────┴────────────┐
//!        its body              resumable          ▼                 ▼
//!                                            ChunkWriter        ChunkStore   in memory, or
//!                                            hashes, sniffs,        │        in the cache
//!                                            fills one chunk        ▼
//!                                                               CacheEntry   a Manifest and the chunks
//!
//! bytes: server ─▶ ResponseStream ─▶ ChunkWriter ─▶ ChunkStore ─▶ CacheEntry, or blobs in memory
//!                                         └──────────────┴──▶ readers
//! ```
//!
//! Each part knows those below it and no other. What can be decided without a browser is in `rules` and tested natively: heads
//! of responses, the remote file, the chunk writer and its search for HTML, chunk arithmetic, the manifest, retries, and the
//! transfer rate.
//!
//! A file is stored in chunks of [`CHUNK_BYTES`] as it arrives, each a response of its own in the browser's cache (or a blob in
//! the browser's memory, where there is no cache or no space in it). WASM memory never holds more of a file than one chunk and
//! what the network delivered last. Outside of it the last few chunks are at hand until the end of the file has been read, so that
//! readers who keep up wait for nothing but the network; chunks are written into the cache meanwhile. A manifest beside the chunks has the size, the server's version (ETag, or the date of the
//! last change) and the hash.
//!
//! A connection that breaks or falls silent is resumed from the byte where it broke; a later visit resumes after the last whole
//! chunk. Versions are compared even where the server ignores `If-Range`, which is not sent to other origins, since they would
//! have to permit it; a file that changes while it is read is an error, never a mixture. A `Content-Length` counts only where
//! the browser says that the response is not compressed, or where a range was asked for, which browsers do without compression.
//! Readers get nothing before the beginning of the file is known not to be a web page. The SHA-256 is compared at the end.

#[cfg(target_arch = "wasm32")]
mod browser;
mod cached_file;
mod error;
mod progress;
#[cfg(any(target_arch = "wasm32", test))]
mod rules;
mod storage;

#[cfg(target_arch = "wasm32")]
pub use browser::*;
pub use cached_file::CachedFile;
pub use error::FetchError;
pub use progress::DownloadProgress;
pub use storage::{NotCached, Storage};

#[doc(no_inline)]
pub use crate::weights::ByteSource;

/// Bytes of a chunk; the last of a file has what is left.
pub const CHUNK_BYTES: u64 = 4 << 20;

/// A file to fetch.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct FileRequest {
    /// Its address, absolute or relative to the page's.
    pub url: String,
    /// The SHA-256 that it must have, in hexadecimal digits.
    pub sha256: Option<String>,
    /// The bytes that it must have.
    pub bytes: Option<u64>,
    /// Whether the browser's cache keeps it for the next visit. What is in the cache already is used in either case.
    pub cache: bool,
}
