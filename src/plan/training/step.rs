//! The steps of a training plan.

use super::{TrainingBuffer, TrainingTask};

/// The four parts of a step of training. The optimiser's steps lie between those of the backward pass.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Phase {
    /// From the pictures to the logits.
    Forward,
    /// From the logits to the loss and its gradient.
    Loss,
    /// From the gradient of the logits to those of all parameters.
    Backward,
    /// Parameters follow their gradients.
    Optimiser,
}

/// One operation with its buffers.
#[derive(Clone, Debug, PartialEq)]
pub struct TrainingStep {
    /// The part that it belongs to.
    pub phase: Phase,
    /// The layer that it belongs to, such as `layer1.0.conv2`.
    pub label: String,
    /// What is computed.
    pub task: TrainingTask,
    /// What it reads, in the order that the task gives.
    pub reads: Vec<TrainingBuffer>,
    /// What it writes. A slot is written whole; a parameter, a velocity and running statistics are changed in place.
    pub output: TrainingBuffer,
    /// Multiply-adds.
    pub macs: u64,
}
