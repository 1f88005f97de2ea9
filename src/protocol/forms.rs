//! One block in its three forms.

use serde::{Deserialize, Serialize};

use super::Setting;

/// One block in the forms A, B and C (Xie et al. 2017, Fig. 3), from the same weights and on its own input for the picture: what each
/// costs, how far their outputs differ, and the timed runs so far.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Forms {
    /// The [`PictureRequest::id`](super::PictureRequest::id) of the picture.
    pub picture: u64,
    /// The setting that gave it.
    pub setting: Setting,
    /// The block's name: `layer1.0`.
    pub block: String,
    /// How many timed runs of each there will be, after one that warms up.
    pub runs: usize,
    /// A, B, C.
    pub forms: [FormRuns; 3],
    /// The largest difference of two outputs relative to the peak of form C's: A to C, B to C, A to B.
    pub differences: [f64; 3],
}

/// What one form costs.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct FormRuns {
    /// Dispatches of its plan.
    pub dispatches: usize,
    /// Trained values.
    pub parameters: u64,
    /// Multiply-adds for one picture.
    pub macs: u64,
    /// Milliseconds from handing over the input to having the output, one entry per run.
    pub wall: Vec<f64>,
    /// Milliseconds on the GPU, one entry per run; empty where the adapter has no timestamps.
    pub gpu: Vec<f64>,
}

impl Forms {
    /// Whether there are as many runs as there will be.
    pub fn is_complete(&self) -> bool {
        self.forms.iter().all(|form| form.wall.len() >= self.runs)
    }
}
