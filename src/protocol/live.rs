//! Frames of a camera, a video or a screen.

use serde::{Deserialize, Serialize};

use super::{Answer, ClassActivation, Picture};

/// A frame and its answer.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Frame {
    /// The frame.
    pub picture: Picture,
    /// Its probabilities are means over the last few frames, and it has no logits; its times are of this frame alone.
    pub answer: Answer,
    /// Where [`Looks`](super::Looks) asks for them: the maps of the answer's classes over this frame.
    pub class_activation: Option<ClassActivation>,
}
