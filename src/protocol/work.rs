//! What is being done, and how far it is.

use serde::{Deserialize, Serialize};

use crate::store::DownloadProgress;

/// What is being done for the choice.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub enum Work {
    Starting,
    /// Weights that ship with the page are on their way, in bytes.
    Fetching {
        done: u64,
        total: u64,
    },
    Building(LoadStep),
    Preparing,
    Classifying,
    Tuning,
    Profiling,
    /// Runs done, of how many.
    Timing {
        done: usize,
        runs: usize,
    },
    /// The CPU is tried beside a software adapter.
    TryingCpu,
    FetchingTestPictures,
    /// Test pictures answered, of how many.
    Evaluating {
        done: usize,
        total: usize,
    },
    Ready,
    /// Why there is no answer, in a sentence.
    Failed(String),
}

impl Work {
    /// `loading`, `running`, `ready` or `failed`: its name in the document.
    pub fn phase(&self) -> &'static str {
        match self {
            Self::Starting | Self::Fetching { .. } | Self::Building(_) => "loading",
            Self::Ready => "ready",
            Self::Failed(_) => "failed",
            _ => "running",
        }
    }

    /// Which step of building it is in; `None` for all other work.
    pub fn step(&self) -> Option<std::mem::Discriminant<LoadStep>> {
        if let Self::Building(step) = self { Some(std::mem::discriminant(step)) } else { None }
    }

    /// How much of it is done, from 0 to 1, where that is known.
    pub fn share(&self) -> Option<f64> {
        let of = |done: f64, total: f64| Some(done / total.max(1.0));
        match *self {
            Self::Fetching { done, total } => of(done as f64, total as f64),
            Self::Building(step) => step.share(),
            Self::Timing { done, runs } => of(done as f64, runs as f64),
            Self::Evaluating { done, total } => of(done as f64, total as f64),
            _ => None,
        }
    }
}

/// How far a network is on its way to the device.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum LoadStep {
    Planned {
        steps: usize,
    },
    Pipelines {
        done: usize,
        total: usize,
    },
    /// In bytes.
    Weights {
        done: u64,
        total: u64,
    },
    WarmUp,
}

impl LoadStep {
    /// How much of it is done, from 0 to 1, where that is known.
    pub fn share(self) -> Option<f64> {
        match self {
            Self::Planned { .. } => Some(0.0),
            Self::Pipelines { done, total } => Some(done as f64 / total.max(1) as f64),
            Self::Weights { done, total } => Some(done as f64 / total.max(1) as f64),
            Self::WarmUp => None,
        }
    }
}

/// A network on its way.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Load {
    pub title: String,
    pub status: LoadStatus,
}

impl Load {
    /// Whether it is still coming.
    pub fn is_coming(&self) -> bool {
        !matches!(self.status, LoadStatus::Failed(_))
    }
}

/// How far a network on its way is.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub enum LoadStatus {
    Asking,
    Downloading(DownloadProgress),
    Building(LoadStep),
    /// Why it does not come, in a sentence.
    Failed(String),
}
