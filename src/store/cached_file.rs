//! A file in the browser's cache.

use serde::{Deserialize, Serialize};

/// A file in the browser's cache.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct CachedFile {
    /// Its absolute address.
    pub url: String,
    /// Bytes of it that are in the cache.
    pub bytes: u64,
    /// Whether that is the whole file. If not, a download resumes after these bytes.
    pub complete: bool,
}
