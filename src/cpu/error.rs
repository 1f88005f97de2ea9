//! What can go wrong on the CPU, in words for the person in front of it.

use crate::plan::BatchError;
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
    #[cfg(feature = "page")]
    /// A core that could not be started, or has stopped.
    #[error("The processor's cores cannot share this network ({0}). Choose one core, or reload the page.")]
    Cores(String),
    /// A batch that does not fit the training plan.
    #[error(transparent)]
    Batch(#[from] BatchError),
    /// The weights could not be read or do not fit the network.
    #[error(transparent)]
    Weight(#[from] WeightError),
}
