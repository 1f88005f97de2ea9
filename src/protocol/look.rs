//! What the page shows of the inside of the network, beyond the answer.

use serde::{Deserialize, Serialize};

use super::{GroupLook, Setting};

/// What the page shows beyond the answer. It is sent whole whenever it changes, and the newest counts; what it does not name is not
/// computed.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Looks {
    /// The class activation maps of the answer's classes.
    pub class_activation: bool,
    /// One group of a convolution at work.
    pub group: Option<GroupLook>,
    /// The occlusion map of one of the answer's classes, by its place in [`Answer::top`](super::Answer::top).
    pub occlusion: Option<usize>,
    /// The block that is compared in its three forms: `layer1.0`.
    pub forms: Option<String>,
}

/// The class activation maps of an answer: where in the picture the network found what speaks for a class.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct ClassActivation {
    /// The [`PictureRequest::id`](super::PictureRequest::id) of the picture.
    pub picture: u64,
    /// The setting that gave it.
    pub setting: Setting,
    /// Columns of a map; those of the last block.
    pub width: usize,
    /// One per class, in the order of [`Answer::top`](super::Answer::top), row by row. They lie over the square that the network
    /// sees.
    pub maps: Vec<Vec<f32>>,
}

/// The rows and columns of an occlusion map.
pub const OCCLUSION_SIDE: usize = 8;

/// The occlusion map of an answer, as far as it has come: the probability of a class with a grey square over a part of the picture.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Occlusion {
    /// The [`PictureRequest::id`](super::PictureRequest::id) of the picture.
    pub picture: u64,
    /// The setting that gave it.
    pub setting: Setting,
    /// The class, by its place in [`Answer::top`](super::Answer::top).
    pub place: usize,
    /// [`OCCLUSION_SIDE`]² of them when it is complete, row by row: each with the square centred on its part of the picture.
    pub probabilities: Vec<f32>,
}

impl Occlusion {
    /// Whether every part has been covered.
    pub fn is_complete(&self) -> bool {
        self.probabilities.len() == OCCLUSION_SIDE * OCCLUSION_SIDE
    }
}
