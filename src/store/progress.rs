//! How far a download is.

use serde::{Deserialize, Serialize};

/// How far a download is.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct DownloadProgress {
    /// Bytes that have arrived, those of earlier visits included.
    pub done: u64,
    /// Bytes of the whole file; `None` where neither the server nor the caller has said.
    pub total: Option<u64>,
    /// Transfer rate over the last five seconds; `None` during the first half second.
    pub bytes_per_second: Option<f64>,
    /// Remaining time at that rate; `None` where the total is not known or nothing arrives.
    pub seconds_left: Option<f64>,
    /// Bytes that had arrived when this run of the download began.
    pub resumed_from: u64,
}
