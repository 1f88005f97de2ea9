//! What another page asks for.

use serde::{Deserialize, Serialize};

use super::Question;
use crate::protocol::{Backend, Lesson, Origin};

/// What another page asks for. It shows no picture and measures nothing.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub enum Request {
    /// The first request.
    Start {
        /// The address of the host of the large networks; empty for Hugging Face.
        hub: String,
        /// The address of ImageNet's class names.
        labels: String,
        /// Whether the page's own thread has WebGPU: a browser may have it there and not in workers.
        page_has_webgpu: bool,
    },
    /// A network to fetch or to open. The message carries its file where that is on the visitor's disk.
    Load(Origin),
    /// A network that was loaded, or has learned, is the one that answers.
    Use {
        /// Its index in the list.
        network: usize,
        /// What to run it on; `None` for what is faster, see [`Backend::of`].
        backend: Option<Backend>,
    },
    /// A question about one picture; the message carries its file or its pixels.
    Ask(Question),
    /// A picture of a lesson that follows, by an id that no other has; the message carries its file.
    TeachPicture(u64),
    /// What is to be learned, on the network that answers. Pictures that are not in it are forgotten.
    Teach(Lesson),
    /// Ends the lesson under way, and forgets its pictures.
    StopTeaching,
    /// Checks the GPU's kernels again, on known values.
    SelfCheck,
    /// Tries again after a failure.
    TryAgain,
}
