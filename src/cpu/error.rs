//! What can go wrong on the CPU, in words for the person in front of it.

use crate::weights::WeightError;

#[derive(Clone, Debug, PartialEq, thiserror::Error)]
#[non_exhaustive]
pub enum CpuError {
    #[error("There is not enough memory: this network needs {needed} bytes of it. Choose a smaller one.")]
    OutOfMemory { needed: usize },
    #[error("The network takes {expected} input values, got {got}.")]
    Input { expected: usize, got: usize },
    #[error(transparent)]
    Weight(#[from] WeightError),
}
