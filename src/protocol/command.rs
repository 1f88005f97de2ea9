//! What the page asks for.

use serde::{Deserialize, Serialize};

use super::Choice;
use crate::zoo::Network;

/// What the page asks for. A newer command of one kind replaces an older one that is still under way.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub enum Command {
    /// The first command.
    Start(Start),
    /// The page has been drawn for the first time. Shaders are compiled beside what draws it, and would have kept it white.
    Drawn,
    /// What is to run.
    Choose(Choice),
    /// A picture to classify. Its file comes beside the command where the source is [`PictureSource::File`].
    Picture(PictureRequest),
    /// A network to fetch or to open. Its file comes beside the command where it is on the visitor's disk.
    Load(Origin),
    /// Ends the load under way. What has come of a download stays in the browser's cache.
    CancelLoad,
    /// Loads again what was asked for last.
    RetryLoad,
    /// Lists the files of weights in the browser's cache.
    ListFiles,
    /// Takes a file out of the browser's cache, with what lies beside it.
    RemoveFile {
        /// Place in the list of the network it belongs to.
        network: usize,
        url: String,
    },
    /// Measures the accuracy of what is chosen, from the beginning where that is done already; `false` stops.
    Evaluate(bool),
    /// Chooses the GPU's kernels once more.
    Tune,
    /// Looks for a GPU once more.
    FindGpu,
    /// Another attempt after a failure.
    TryAgain,
}

/// What the session has to know before anything else.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Start {
    /// Tunings that earlier visits kept, by the key they were kept under ([`KernelTuning::key`](super::KernelTuning::key)).
    pub tunings: Vec<(String, String)>,
    /// The host of the large networks; empty for the usual one.
    pub hub: String,
    /// Whether the page's own thread has WebGPU: a browser may have it there and not in workers.
    pub page_has_webgpu: bool,
    /// The networks beyond those on offer, for a worker that takes the place of one that died.
    pub brought: Vec<Network>,
}

/// Where a network comes from.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Origin {
    /// Place in the list of networks. The file of one that came from disk comes beside the command.
    Listed(usize),
    Url(String),
    /// A file on the visitor's disk, by name; it comes beside the command.
    File(String),
}

/// A picture somebody chose.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct PictureRequest {
    /// Larger than that of every picture before.
    pub id: u64,
    pub title: String,
    pub alt: String,
    pub credit: Option<Credit>,
    pub source: PictureSource,
}

/// Where a picture comes from.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum PictureSource {
    /// The file beside the command.
    File,
    /// A file of the page's own server.
    Url(String),
    /// A place on the sheet of test pictures.
    TestPicture(usize),
}

/// Who made a picture, and on what terms it is shown.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Credit {
    pub author: String,
    pub licence: String,
    pub source: String,
}
