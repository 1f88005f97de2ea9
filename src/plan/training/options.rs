//! What a training plan depends on besides the graph.

use crate::kernels::Tuning;

/// What a training plan depends on besides the graph.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct TrainingOptions {
    /// Keeps the gradients of all parameters to the end of the step, so that they can be read. Without it they take turns in
    /// buffers with all else.
    pub keep_gradients: bool,
    /// Kernels for the GPU's forward convolutions; unless given, those for software adapters.
    pub tuning: Option<Tuning>,
}
