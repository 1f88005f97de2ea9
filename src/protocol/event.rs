//! What the session reports.

use serde::{Deserialize, Serialize};

#[cfg(feature = "page")]
use super::CoreCounts;
#[cfg(feature = "package")]
use super::Reply;
use super::{
    Answer, ClassActivation, Evaluation, Forms, Frame, GpuState, Group, KernelTuning, Laboratory, Load, LoadFailure,
    Occlusion, Picture, Profile, SelfCheck, Setting, Teaching, Timed, Work,
};
use crate::store::CachedFile;
use crate::zoo::Network;

/// What the session reports. Every result says which setting it belongs to, so that a late one does no harm.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub enum Event {
    /// Whether there is a GPU.
    Gpu(GpuState),
    #[cfg(feature = "page")]
    /// What is known of the processor's cores.
    Cores(CoreCounts),
    /// What is being done for the choice.
    Work(Work),
    /// What is known of a network now.
    Network {
        /// Its index in the list; the list's length for a new network.
        index: usize,
        /// All that is known of it.
        network: Network,
    },
    /// The load under way, or why it failed; `None` when it is done or was cancelled.
    Load(Option<Load>),
    /// The network of the last load is ready to be chosen.
    Loaded {
        /// Its index in the list.
        network: usize,
    },
    /// Files of weights in the browser's cache.
    Files(Vec<CachedFile>),
    /// Whether a picture is being decoded and resized.
    Preparing(bool),
    /// A picture that is ready. The message carries its file, and the pixels that the network sees: RGBA, row by row.
    Picture(Picture),
    /// What a network says of a picture.
    Answer(Answer),
    /// What a network says of a frame. The message carries the pixels that it sees: RGBA, row by row.
    Frame(Box<Frame>),
    #[cfg(feature = "package")]
    /// The reply to a question about one picture.
    Reply(Reply),
    /// Frames are not classified any more: why, as a sentence.
    LiveFailed(String),
    /// Where the network found what speaks for the classes of its answer.
    ClassActivation(ClassActivation),
    /// One block in its three forms: the timed runs so far.
    Forms(Forms),
    /// One group of a convolution at work. The message carries its values.
    Group(Group),
    /// The probabilities of a class so far, with parts of the picture covered.
    Occlusion(Occlusion),
    /// The memory that a classifier takes on its device, for weights and activations.
    Memory {
        /// What it was built for.
        setting: Setting,
        /// Bytes of weights and activations.
        bytes: u64,
    },
    /// The times of every dispatch.
    Profile(Profile),
    /// The timed runs so far.
    Timed(Timed),
    /// The GPU's kernels have been tuned. Where they changed, its earlier times do not count any more.
    Tuned(KernelTuning),
    /// What the kernels of a setting gave on known values.
    SelfCheck(SelfCheck),
    /// The answers to the test pictures so far.
    Evaluated(Evaluation),
    /// The setting whose accuracy is being measured; `None` when none is.
    Evaluating(Option<Setting>),
    /// The laboratory's measurement so far.
    Laboratory(Laboratory),
    /// What has come of a picture or a lesson.
    Teaching(Teaching),
    /// A network has been written. The message carries its file.
    Saved {
        /// What the file is to be called.
        name: String,
    },
    /// Something to show once.
    Notice(Notice),
}

/// Something to show once. The last good result stays as it is.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub enum Notice {
    /// A measurement after the answer failed, in the library's words.
    Failed(String),
    #[cfg(feature = "page")]
    /// Cores of the processor cannot share a network: why, in the browser's words.
    CoresFailed(String),
    /// A picture that cannot be used.
    Picture {
        /// What the page calls it.
        title: String,
        /// Why, as a sentence.
        reason: String,
    },
    /// A picture of the page's own that could not be fetched.
    Fetch {
        /// What the page calls it.
        title: String,
        /// Why, as a sentence.
        reason: String,
    },
    /// A network from disk that cannot be used.
    File {
        /// The file's name.
        title: String,
        /// Why.
        failure: LoadFailure,
    },
    /// A file's description of the network on the page is used now.
    Described {
        /// The file's name.
        file: String,
        /// What the page calls the network.
        network: String,
    },
    /// A file's description is kept for the weights that are loaded next.
    DescriptionKept {
        /// The file's name.
        file: String,
    },
    /// The test pictures could not be fetched.
    TestPictures {
        /// Why, as a sentence.
        reason: String,
    },
    /// A network that the page has asked to be timed could not be.
    NotTimed {
        /// What the page calls it.
        title: String,
        /// Why, as a sentence.
        reason: String,
    },
    /// A network could not be saved.
    NotSaved {
        /// What the page calls it.
        title: String,
        /// Why, as a sentence.
        reason: String,
    },
    /// The GPU's device was lost.
    DeviceLost {
        /// Whether it has stopped answering instead.
        hung: bool,
        /// Whether the CPU is used in its place now; if not, it has been opened again.
        on_cpu: bool,
    },
    /// The GPU computed something else than it should, and what did so is not used any more.
    WrongResults {
        /// A layer that was computed wrongly.
        layer: String,
        /// The difference as a share of the peak; `None` where an output was no number.
        error: Option<f32>,
        /// The adapter's name.
        adapter: String,
        /// Whether the CPU is used in its place now; if not, another kernel is.
        on_cpu: bool,
    },
    /// The GPU has no memory for a network, or too low limits, and something smaller is run in its place.
    TooLarge {
        /// The network's title.
        title: String,
        /// Bytes that it needs, or that one of its buffers needs where the limits are too low.
        needed: Option<u64>,
        /// Bytes that a buffer may have, where that is too few.
        limit: Option<u64>,
        /// What is run now.
        now: Box<Setting>,
    },
    /// A fetched network is not in the browser's cache: it is gone when the page is closed.
    NotCached {
        /// What the page calls it.
        title: String,
        /// Whether the disk is full; if not, the browser has no cache for this page.
        full: bool,
    },
}

impl Notice {
    /// Whether it reports an error.
    pub fn is_error(&self) -> bool {
        !matches!(
            self,
            Self::DeviceLost { .. }
                | Self::TooLarge { .. }
                | Self::NotCached { .. }
                | Self::Described { .. }
                | Self::DescriptionKept { .. }
        )
    }
}
