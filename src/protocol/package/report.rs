//! What another page is told.

use serde::{Deserialize, Serialize};

use super::Reply;
use crate::plan::KernelCheck;
use crate::protocol::{Backend, Event, Load, LoadFailure, LoadStatus, LoadStep, Notice, Teaching, Work};
use crate::store::DownloadProgress;

/// What another page is told: of the events, what it has a use for.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub enum Report {
    /// The file of weights is being downloaded.
    Downloading(DownloadProgress),
    /// The network is being brought to its device.
    Building(LoadStep),
    /// What is known of a network now.
    Network {
        /// Its index in the list.
        index: usize,
        /// What it is called.
        title: String,
        /// Side of its square input in pixels.
        side: usize,
        /// How many classes it tells apart.
        classes: usize,
        /// Their names, once they are known.
        labels: Option<Vec<String>>,
    },
    /// The network of the last load is ready to be used.
    Loaded {
        /// Its index in the list.
        network: usize,
    },
    /// The network that answers is on its device.
    On(Backend),
    /// The network could not be loaded, or cannot be run any more.
    Failed(LoadFailure),
    /// The reply to a question about one picture.
    Reply(Reply),
    /// What the kernels gave on known values.
    SelfCheck(Vec<KernelCheck>),
    /// What has come of a picture or a lesson.
    Teaching(Teaching),
}

impl Report {
    /// What is told of an event; `None` where that is nothing.
    pub fn of(event: Event) -> Option<Self> {
        let report = match event {
            Event::Load(Some(Load { status: LoadStatus::Downloading(progress), .. })) => Self::Downloading(progress),
            Event::Load(Some(Load { status: LoadStatus::Building(step), .. })) | Event::Work(Work::Building(step)) => {
                Self::Building(step)
            }
            Event::Load(Some(Load { status: LoadStatus::Failed(failure), .. }))
            | Event::Notice(Notice::File { failure, .. })
            | Event::Work(Work::Failed(failure)) => Self::Failed(failure),
            Event::Network { index, network } => Self::Network {
                index,
                title: network.title,
                side: network.side,
                classes: network.config.num_classes,
                labels: network.labels,
            },
            Event::Loaded { network } => Self::Loaded { network },
            Event::Memory { setting, .. } => Self::On(setting.backend),
            Event::Reply(reply) => Self::Reply(reply),
            Event::SelfCheck(check) => Self::SelfCheck(check.kernels),
            Event::Teaching(teaching) => Self::Teaching(teaching),
            _ => return None,
        };
        Some(report)
    }
}
