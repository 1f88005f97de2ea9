//! A batch that does not fit the plan, and what a step of training gave.

use crate::shape::Nchw;

/// What a step of training gave, both before its update.
#[derive(Clone, Debug)]
pub struct LearningStep {
    /// The mean loss of the batch.
    pub loss: f64,
    /// Row-major `[n, classes]`.
    pub logits: Vec<f32>,
    /// From handing over the batch to having loss and logits.
    pub wall_ms: f64,
}

impl LearningStep {
    /// From the loss of each picture and the logits as an engine has them.
    pub(crate) fn new(losses: &[f32], logits: &[f32], wall_ms: f64) -> Self {
        let loss = losses.iter().map(|&loss| f64::from(loss)).sum::<f64>() / losses.len() as f64;
        Self { loss, logits: logits.to_vec(), wall_ms }
    }
}

/// Why a batch cannot be learned.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum BatchError {
    /// The input has another size than the plan's.
    #[error("The batch needs {} input values for {shape} (n×c×h×w), got {got}.", shape.len())]
    Input {
        /// The plan's input.
        shape: Nchw,
        /// Values that were given.
        got: usize,
    },
    /// Another number of labels than pictures, or a label that is no class.
    #[error("The batch needs {pictures} labels from 0 to {}, one per picture; got {got}.", classes - 1)]
    Labels {
        /// Pictures of the batch.
        pictures: usize,
        /// Classes of the network.
        classes: usize,
        /// What is wrong, such as `3 labels` or `label 12`.
        got: String,
    },
}

/// Refuses a batch that does not fit pictures of `shape` in so many classes.
pub(super) fn check(shape: Nchw, classes: usize, input: &[f32], labels: &[u32]) -> Result<(), BatchError> {
    if input.len() != shape.len() {
        return Err(BatchError::Input { shape, got: input.len() });
    }
    let refused = |got| Err(BatchError::Labels { pictures: shape.n, classes, got });
    if labels.len() != shape.n {
        return refused(format!("{} labels", labels.len()));
    }
    match labels.iter().find(|&&label| label as usize >= classes) {
        Some(label) => refused(format!("label {label}")),
        None => Ok(()),
    }
}
