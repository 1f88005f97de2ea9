//! What the session is doing, and how far it is.

use serde::{Deserialize, Serialize};

use crate::store::DownloadProgress;

/// What the session is doing for the choice.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub enum Work {
    /// Nothing yet.
    Starting,
    /// Fetching weights that ship with the page.
    Fetching {
        /// Bytes that have arrived.
        done: u64,
        /// Bytes of the file.
        total: u64,
    },
    /// Bringing the network to its device.
    Building(LoadStep),
    /// Waiting for the picture to be decoded and resized.
    Preparing,
    /// Running the network on the picture.
    Classifying,
    /// Running the network on pictures of a lesson.
    Teaching {
        /// Pictures that it has seen.
        done: usize,
        /// Pictures in all.
        total: usize,
    },
    /// Learning a lesson.
    Learning,
    /// Computing what the page shows beyond the answer.
    Looking,
    /// Classifying the picture with parts of it covered.
    Occluding {
        /// Parts that were covered.
        done: usize,
        /// Parts in all.
        total: usize,
    },
    /// Timing a block on several numbers of cores.
    Sharing,
    /// Timing kernels to find the fastest.
    Tuning,
    /// Running kernels on known values.
    Checking,
    /// Timing every dispatch.
    Profiling,
    /// Timing whole runs.
    Timing {
        /// Runs that are done.
        done: usize,
        /// Runs in all.
        runs: usize,
    },
    /// Fetching the test pictures.
    FetchingTestPictures,
    /// Classifying the test pictures.
    Evaluating {
        /// Pictures that have an answer.
        done: usize,
        /// Pictures in all.
        total: usize,
    },
    /// Nothing any more for the choice: timing what was not chosen, for the chart.
    Sweeping {
        /// Settings that are timed.
        done: usize,
        /// Settings in all.
        total: usize,
    },
    /// Nothing any more for the choice: measuring in the laboratory.
    Measuring {
        /// Runs that count so far.
        done: usize,
        /// Runs in all.
        total: usize,
    },
    /// Nothing any more: all that is known is up to date.
    Ready,
    /// Nothing any more: why there is no answer.
    Failed(LoadFailure),
}

impl Work {
    /// Its name in the page's attributes: `loading`, `running`, `ready` or `failed`.
    pub fn phase(&self) -> &'static str {
        match self {
            Self::Starting | Self::Fetching { .. } | Self::Building(_) => "loading",
            Self::Ready | Self::Sweeping { .. } | Self::Measuring { .. } => "ready",
            Self::Failed(_) => "failed",
            _ => "running",
        }
    }

    /// The step of [`Work::Building`]; `None` for all other work.
    pub fn step(&self) -> Option<std::mem::Discriminant<LoadStep>> {
        if let Self::Building(step) = self { Some(std::mem::discriminant(step)) } else { None }
    }

    /// The share of it that is done, from 0 to 1; `None` where that is not known.
    pub fn share(&self) -> Option<f64> {
        let of = |done: f64, total: f64| Some(done / total.max(1.0));
        match *self {
            Self::Fetching { done, total } => of(done as f64, total as f64),
            Self::Building(step) => step.share(),
            Self::Timing { done, runs } => of(done as f64, runs as f64),
            Self::Evaluating { done, total }
            | Self::Sweeping { done, total }
            | Self::Teaching { done, total }
            | Self::Measuring { done, total }
            | Self::Occluding { done, total } => of(done as f64, total as f64),
            _ => None,
        }
    }
}

/// A step of bringing a network to its device.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum LoadStep {
    /// The plan is made.
    Planned {
        /// Dispatches of the plan.
        steps: usize,
    },
    /// Compiling pipelines.
    Pipelines {
        /// Pipelines that are compiled.
        done: usize,
        /// Pipelines in all.
        total: usize,
    },
    /// Uploading weights.
    Weights {
        /// Bytes that are uploaded.
        done: u64,
        /// Bytes in all.
        total: u64,
    },
    /// Running once on zeros, so that the first answer is as fast as the others.
    WarmUp,
}

impl LoadStep {
    /// The share of it that is done, from 0 to 1; `None` where that is not known.
    pub fn share(self) -> Option<f64> {
        match self {
            Self::Planned { .. } => Some(0.0),
            Self::Pipelines { done, total } => Some(done as f64 / total.max(1) as f64),
            Self::Weights { done, total } => Some(done as f64 / total.max(1) as f64),
            Self::WarmUp => None,
        }
    }
}

/// A network that is being loaded, or failed to load.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Load {
    /// What the page calls it.
    pub title: String,
    /// How far it is.
    pub status: LoadStatus,
}

impl Load {
    /// Whether it is still under way.
    pub fn is_coming(&self) -> bool {
        !matches!(self.status, LoadStatus::Failed(_))
    }
}

/// How far a load is.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub enum LoadStatus {
    /// Its file has been asked for.
    Asking,
    /// Another tab is downloading its file.
    Waiting,
    /// Its file is being downloaded.
    Downloading(DownloadProgress),
    /// It is being brought to its device.
    Building(LoadStep),
    /// It failed.
    Failed(LoadFailure),
}

/// Why a network cannot be loaded, or cannot run.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct LoadFailure {
    /// Which kind of failure it is.
    pub problem: LoadProblem,
    /// Why, as a sentence.
    pub reason: String,
    /// What was expected, where one thing was.
    pub expected: Option<String>,
    /// What there was in its place.
    pub got: Option<String>,
}

/// What it failed at.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum LoadProblem {
    /// The file could not be fetched.
    Fetch,
    /// The file is not one of weights that can be used.
    File,
    /// There is no such device, it was lost, or it did not take the network.
    Device,
}

impl LoadFailure {
    /// A failure of which no more is known than its sentence.
    pub fn new(problem: LoadProblem, reason: impl Into<String>) -> Self {
        Self { problem, reason: reason.into(), expected: None, got: None }
    }
}
