//! Results: the picture as the network sees it, its answer, times, accuracy.

use serde::{Deserialize, Serialize};

use super::{PictureRequest, Setting};
use crate::zoo::cifar10::Item;

/// A picture that is ready for the network.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Picture {
    /// The picture that was asked for.
    pub request: PictureRequest,
    /// Width in pixels, after its EXIF orientation was applied.
    pub width: u32,
    /// Height in pixels, after its EXIF orientation was applied.
    pub height: u32,
    /// Side in pixels of the square that the network sees.
    pub side: u32,
    /// The side of that square as a share of the picture's shorter side.
    pub crop_share: f64,
    /// Milliseconds that decoding and resizing took.
    pub prepare_ms: f64,
}

/// What a network says of a picture.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Answer {
    /// The [`PictureRequest::id`] of the picture.
    pub picture: u64,
    /// The setting that gave it.
    pub setting: Setting,
    /// Labels and probabilities of the most likely classes, the most likely first.
    pub top: Vec<(String, f32)>,
    /// One number per class, before softmax; none where the network has no head.
    pub logits: Vec<f32>,
    /// Milliseconds from handing over the input to having the outputs.
    pub wall_ms: f64,
    /// Milliseconds on the GPU; `None` where the adapter has no timestamps.
    pub gpu_ms: Option<f64>,
}

/// The timed runs of one setting so far.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Timed {
    /// The setting that was timed.
    pub setting: Setting,
    /// How many runs there will be.
    pub runs: usize,
    /// Milliseconds to the answer, one entry per run.
    pub wall: Vec<f64>,
    /// Milliseconds on the GPU, one entry per run; empty where the adapter has no timestamps.
    pub gpu: Vec<f64>,
}

impl Timed {
    /// No runs of a setting yet.
    pub fn new(setting: Setting, runs: usize) -> Self {
        Self { setting, runs, wall: Vec::new(), gpu: Vec::new() }
    }

    /// Adds a run.
    pub fn push(&mut self, wall_ms: f64, gpu_ms: Option<f64>) {
        self.wall.push(wall_ms);
        self.gpu.extend(gpu_ms);
    }

    /// Whether there are as many runs as there will be.
    pub fn is_complete(&self) -> bool {
        self.wall.len() == self.runs
    }
}

/// The times of every dispatch of one setting.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Profile {
    /// The setting that was timed.
    pub setting: Setting,
    /// In the order in which they run.
    pub steps: Vec<StepProfile>,
}

/// The time of one dispatch, and what it did meanwhile.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct StepProfile {
    /// The layers that it covers, by PyTorch's names; at least one.
    pub layers: Vec<String>,
    /// The GPU's kernel; empty on the CPU.
    pub kernel: String,
    /// Milliseconds of one launch: the mean of the repeats.
    pub ms: f64,
    /// How often it was repeated for the mean.
    pub repeats: usize,
    /// Multiply-adds.
    pub macs: u64,
    /// Bytes that it moves if each value is moved once: inputs, weights, residual, output.
    pub bytes: usize,
}

/// The tuning of a GPU: its fastest kernels.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct KernelTuning {
    /// A [`Tuning`](crate::plan::Tuning) as text.
    pub tuning: String,
    /// Milliseconds that tuning took; `None` where an earlier visit did it.
    pub ms: Option<f64>,
    /// The key under which the page is to store it for the next visit; `None` where it is stored already or not complete.
    pub key: Option<String>,
    /// Whether the kernels differ from those before.
    pub changed: bool,
}

/// The answers of one setting to the test pictures so far.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Evaluation {
    /// The setting that is evaluated.
    pub setting: Setting,
    /// Pictures of the test set with the index of the class that each was given, in the order of the sheet.
    pub answers: Vec<(Item, usize)>,
    /// Milliseconds that the answers took, without the pauses between them.
    pub ms: f64,
}
