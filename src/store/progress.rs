//! How far a download is.

/// How far a download is.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Progress {
    /// Bytes that are there, those of earlier visits included.
    pub done: u64,
    /// Bytes of the whole file, where the server or the caller said so.
    pub total: Option<u64>,
    /// Over the last five seconds; `None` until half a second has been seen.
    pub bytes_per_second: Option<f64>,
    /// At that rate; `None` where the total is not known or nothing comes.
    pub seconds_left: Option<f64>,
    /// Bytes that were there when this run began.
    pub resumed_from: u64,
}
