//! What the session tells.

use serde::{Deserialize, Serialize};

use super::{Answer, Evaluation, GpuState, KernelTuning, Load, Picture, Profile, Setting, Timed, Work};
use crate::store::CachedFile;
use crate::zoo::Network;

/// What the session tells. Every result names its setting, so one that comes late does no harm.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub enum Event {
    /// Whether there is a GPU.
    Gpu(GpuState),
    /// What is being done for the choice.
    Work(Work),
    /// What is known of a network now; a place behind the last is a new one.
    Network {
        index: usize,
        network: Network,
    },
    /// A network on its way; `None` when it is there or was given up.
    Load(Option<Load>),
    /// The network asked for is there, ready to be chosen.
    Loaded {
        network: usize,
    },
    /// Files of weights in the browser's cache.
    Files(Vec<CachedFile>),
    /// Whether a picture is being made ready.
    Preparing(bool),
    /// A picture that is ready. Beside it: its file, and the pixels that the network sees, RGBA row by row.
    Picture(Picture),
    Answer(Answer),
    /// Bytes that a setting takes on its device: weights and activations.
    Memory {
        setting: Setting,
        bytes: u64,
    },
    Profile(Profile),
    /// Timed runs so far.
    Timed(Timed),
    /// The GPU's kernels were chosen. Where they are others than before, its earlier times are void.
    Tuned(KernelTuning),
    /// How many times as fast as a software adapter the CPU was.
    CpuSpeed(f64),
    /// Test pictures answered so far.
    Evaluated(Evaluation),
    /// The setting whose accuracy is being measured.
    Evaluating(Option<Setting>),
    Notice(Notice),
}

/// Something to be told once. The last good result stays as it is.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Notice {
    /// Something failed that followed the answer, in the library's words.
    Failed(String),
    /// A picture that cannot be used.
    Picture { title: String, reason: String },
    /// A picture of the page's own that did not come.
    Fetch { title: String, reason: String },
    /// A network from disk that cannot be used.
    File { title: String, reason: String },
    /// The test pictures did not come.
    TestPictures { reason: String },
    /// The GPU's device was lost, and another is asked for.
    DeviceLost,
    /// A fetched network stays in memory and is gone with the page.
    NotCached {
        title: String,
        /// Whether the disk is full; otherwise the browser has no cache for this page.
        full: bool,
    },
}

impl Notice {
    /// Whether it tells of an error.
    pub fn is_error(&self) -> bool {
        !matches!(self, Self::DeviceLost | Self::NotCached { .. })
    }
}
