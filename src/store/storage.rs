//! Where a file is stored.

/// Where a file is stored while the page uses it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Storage {
    /// In the browser's cache: the next visit finds it there.
    Cache,
    /// In memory, all of it or a part: that is gone when the page is closed.
    Memory(NotCached),
}

/// Why a file is not in the browser's cache.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum NotCached {
    /// The request did not ask for it: [`FileRequest::cache`](super::FileRequest::cache).
    NotRequested,
    /// The browser has no cache for this page, or refuses to write to it.
    NoCache,
    /// The disk, or this page's share of it, is full.
    QuotaExceeded,
}
