//! What the page asks for.

use serde::{Deserialize, Serialize};

use super::{Choice, Laboratory, Lesson, Looks, Setting};
use crate::plan::GpuDtype;
use crate::zoo::Network;

/// What the page asks for. A newer command replaces an older one of the same kind that is still under way.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub enum Command {
    /// The first command.
    Start(Start),
    /// The page has been drawn for the first time. Shaders are compiled only after this: the browser's GPU process does both,
    /// and would leave the page blank until it had compiled them.
    Drawn,
    /// What is to run.
    Choose(Choice),
    /// A picture to classify. With [`PictureSource::File`], the message carries its file.
    Picture(PictureRequest),
    /// `true`: frames of a camera, a video or a screen follow. Until `false`, they are what is classified, and nothing is measured.
    Live(bool),
    /// A frame to classify; the message carries its pixels. The next is sent when this one has its [`Event::Frame`].
    ///
    /// [`Event::Frame`]: super::Event::Frame
    Frame(PictureRequest),
    /// A network to fetch or to open. The message carries its file where that is on the visitor's disk.
    Load(Origin),
    /// What a file beside the weights says of them.
    Describe(Description),
    /// Ends the load under way. What has been downloaded stays in the browser's cache.
    CancelLoad,
    /// Repeats the last load.
    RetryLoad,
    /// Lists the files of weights in the browser's cache.
    ListFiles,
    /// Removes a file from the browser's cache, and its `config.json`.
    RemoveFile {
        /// Index in the list of the network that it belongs to.
        network: usize,
        /// Its absolute address.
        url: String,
    },
    /// `true` measures the accuracy of the choice, from the first picture where it is measured already; `false` stops that.
    Evaluate(bool),
    /// What is to be shown beyond the answer.
    Look(Looks),
    /// Tunes again: times the GPU's kernels and takes the fastest.
    Tune,
    /// Checks the GPU's kernels again, on known values, also where nothing is measured.
    SelfCheck,
    /// Times these settings too, after all that is known of the choice: a few runs each, with random weights.
    Time(Vec<Setting>),
    /// Begins the laboratory's measurement, or goes on with it: the runs that it has count.
    Measure(Laboratory),
    /// Stops that. What is known stays known to the page.
    StopMeasuring,
    /// Whether the page is hidden, which slows down what it measures.
    Hidden(bool),
    /// A picture of a lesson that follows, by an id that no other has; the message carries its file.
    TeachPicture(u64),
    /// What is to be learned, on the network that is on the page. Pictures that are not in it are forgotten.
    Teach(Lesson),
    /// Saves the network that is on the device, with its weights in this type.
    Save(GpuDtype),
    /// Asks for a GPU again.
    FindGpu,
    /// Tries again after a failure.
    TryAgain,
}

/// What the session has to know at first.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Start {
    /// Tunings that earlier visits stored, each with its key ([`KernelTuning::key`](super::KernelTuning::key)).
    pub tunings: Vec<(String, String)>,
    /// The address of the host of the large networks; empty for Hugging Face.
    pub hub: String,
    /// The address of ImageNet's class names; empty for where the page has them.
    pub labels: String,
    /// Whether the page's own thread has WebGPU: a browser may have it there and not in workers.
    pub page_has_webgpu: bool,
    /// The networks that the visitor has added to those on offer, for a worker that replaces one that died.
    pub brought: Vec<Network>,
}

/// Where a network comes from.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Origin {
    /// The index of a network in the list. For a network from disk, the message carries its file.
    Listed(usize),
    /// The id of a network on offer, or its beginning before a `-`: the first such.
    Named(String),
    /// The address of a weights file.
    Url(String),
    /// A file on the visitor's disk, by name; the message carries it.
    File(String),
}

/// What somebody says of a network: the text of a `config.json` or of a list of class names.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Description {
    /// The file's name; empty for what was typed into the page.
    pub name: String,
    /// Its text.
    pub text: String,
    /// Whether it is for the weights that are loaded next; otherwise for the network on the page, where it can be.
    pub weights_follow: bool,
}

/// A picture to be classified, and what the page says about it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct PictureRequest {
    /// Larger than that of every picture before.
    pub id: u64,
    /// What the page calls it.
    pub title: String,
    /// What it shows, for those who cannot see it.
    pub alt: String,
    /// `None` for the visitor's own pictures.
    pub credit: Option<Credit>,
    /// Where its file is.
    pub source: PictureSource,
}

/// Where a picture comes from.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum PictureSource {
    /// The file or the frame that the message carries.
    File,
    /// A file of the page's own server.
    Url(String),
    /// The index of a picture on the sheet of test pictures.
    TestPicture(usize),
}

/// Who made a picture, and under which licence it is shown.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Credit {
    /// Who made it.
    pub author: String,
    /// The name of the licence.
    pub licence: String,
    /// The address that it comes from.
    pub source: String,
}
