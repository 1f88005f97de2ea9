//! What comes back: the picture as the network sees it, its answer, times, accuracy.

use serde::{Deserialize, Serialize};

use super::{PictureRequest, Setting};
use crate::zoo::test_set::Item;

/// A picture that is ready for the network.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Picture {
    pub request: PictureRequest,
    /// Pixels, upright.
    pub width: u32,
    pub height: u32,
    /// Pixels on each side of the square that the network sees.
    pub side: u32,
    /// What that square is of the picture's short side.
    pub crop_share: f64,
    /// Milliseconds for decoding and resizing.
    pub prepare_ms: f64,
}

/// What a network says of a picture.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Answer {
    /// [`PictureRequest::id`].
    pub picture: u64,
    pub setting: Setting,
    /// Label and probability of the likeliest classes, likeliest first.
    pub top: Vec<(String, f32)>,
    /// One number per class, before softmax.
    pub logits: Vec<f32>,
    /// Milliseconds from handing over the input to having the outputs.
    pub wall_ms: f64,
    /// Milliseconds on the GPU, where the adapter tells.
    pub gpu_ms: Option<f64>,
}

/// Timed runs of one setting, as they come in.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Timed {
    pub setting: Setting,
    /// How many there will be.
    pub runs: usize,
    /// Milliseconds to the answer.
    pub wall: Vec<f64>,
    /// Milliseconds on the GPU, where the adapter tells.
    pub gpu: Vec<f64>,
}

/// Milliseconds of every dispatch of a setting, with the layers it covers.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Profile {
    pub setting: Setting,
    pub steps: Vec<(Vec<String>, f64)>,
}

/// The kernels that are fastest on a GPU.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct KernelTuning {
    /// As [`Tuning`](crate::plan::Tuning) is written.
    pub tuning: String,
    /// Milliseconds that choosing took; `None` where an earlier visit chose.
    pub ms: Option<f64>,
    /// Where the page should keep it for the next visit; `None` where it should not, or has it already.
    pub key: Option<String>,
    /// Whether the kernels are others than before.
    pub changed: bool,
}

/// Answers of one setting to the test pictures, as they come in.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Evaluation {
    pub setting: Setting,
    /// A picture of the test set and the class it was given, in the order of the sheet.
    pub answers: Vec<(Item, usize)>,
    /// Milliseconds they took, pauses left out.
    pub ms: f64,
}
