//! What can go wrong on the CPU, in words for the person in front of it.

use crate::weights::WeightError;

/// Why the CPU engine cannot be built or run.
#[derive(Clone, Debug, PartialEq, thiserror::Error)]
#[non_exhaustive]
pub enum CpuError {
    /// The allocation failed.
    #[error("There is not enough memory: this network needs {needed} bytes of it. Choose a smaller one.")]
    OutOfMemory {
        /// Bytes of weights and activations.
        needed: usize,
    },
    /// The input has another size than the network's.
    #[error("The network takes {expected} input values, got {got}.")]
    Input {
        /// Values of the network's input.
        expected: usize,
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
    /// The weights could not be read or do not fit the network.
    #[error(transparent)]
    Weight(#[from] WeightError),
}
