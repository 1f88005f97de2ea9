//! Weights files over the network, in the browser's cache and on disk, each as a [`ByteSource`]. The files themselves are wasm32
//! only; what they are asked for and why they do not come is plain data.
//!
//! ```text
//! fetch ─▶ flight ─▶ intake ─▶ pieces ─▶ shelf (the browser's cache), or blobs in memory
//!                       └──────────┴──▶ arriving: read
//! ```
//!
//! A file is laid down in pieces of [`PIECE`] bytes as it arrives, each a response of its own in the browser's cache (or a blob in
//! the browser's memory, where there is no cache or no room). It is never whole in WASM memory: at most one piece and what came
//! last from the network are; and it can be read while it comes. A note beside the pieces has the size, the server's word for the
//! version (ETag, or the date of the last change) and the hash.
//!
//! A connection that breaks or falls silent is taken up from the byte where it broke; a later visit goes on from the last whole
//! piece. Versions are compared even where the server ignores `If-Range`, which is not sent to other servers, since they would have
//! to permit it; a file that changes under its readers is an error, never a mixture. What compression hides is not believed: a
//! length is that of the file only where the browser says so, or where a part was asked for, which browsers do without
//! compression. Nothing is given out before its beginning is known to be no web page; the SHA-256 is known at the end.

mod error;
#[cfg(target_arch = "wasm32")]
mod file;
mod kept;
mod progress;

pub use error::FetchError;
#[cfg(target_arch = "wasm32")]
pub use file::*;
pub use kept::{Kept, NotKept};
pub use progress::Progress;

#[doc(no_inline)]
pub use crate::weights::ByteSource;

/// Bytes of a piece; the last of a file has what is left.
pub const PIECE: u64 = 4 << 20;

/// A file to be had.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Wanted {
    /// Its address, absolute or from the page's own.
    pub url: String,
    /// The SHA-256 it must have, in hexadecimal digits.
    pub sha256: Option<String>,
    /// The bytes it must have.
    pub bytes: Option<u64>,
    /// Whether the browser's cache keeps it for the next visit. What is in the cache already is used in either case.
    pub keep: bool,
}
