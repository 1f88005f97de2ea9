//! Whether the browser keeps a file for the next visit.

/// Where a file is held.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kept {
    /// In the browser's cache: the next visit has it.
    Cache,
    /// In memory, wholly or in part: it is gone with the page.
    Memory(NotKept),
}

/// Why the browser's cache does not keep a file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum NotKept {
    /// It was not asked to.
    Unwanted,
    /// There is none for this page, or it refuses.
    NoCache,
    /// The disk, or this page's share of it, is full.
    Full,
}
