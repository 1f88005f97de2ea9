//! Every error of the library as one type. The texts say what, where, expected, got, and what to do.

use crate::cpu::CpuError;
use crate::gpu::GpuError;
use crate::image::ImageError;
use crate::model::{ConfigError, GraphError, UnknownPreset};
use crate::plan::PlanError;
use crate::teach::TeachError;
use crate::train::TrainError;
use crate::weights::WeightError;

/// Every error of the library.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum Error {
    /// A configuration that does not describe a network.
    #[error(transparent)]
    Config(#[from] ConfigError),
    /// A name that is not a preset's.
    #[error(transparent)]
    Preset(#[from] UnknownPreset),
    /// A configuration from which no graph can be built.
    #[error(transparent)]
    Graph(#[from] GraphError),
    /// A graph that cannot be planned.
    #[error(transparent)]
    Plan(#[from] PlanError),
    /// Weights that cannot be read or do not fit the network. What a device finds out as it reads them is in [`Error::Gpu`] or
    /// [`Error::Cpu`].
    #[error(transparent)]
    Weight(#[from] WeightError),
    /// A picture, or a preprocessing setting, that cannot be used.
    #[error(transparent)]
    Image(#[from] ImageError),
    /// No GPU, one that failed, or an engine that cannot be built on it.
    #[error(transparent)]
    Gpu(#[from] GpuError),
    /// The CPU engine cannot be built, or was given what it cannot run.
    #[error(transparent)]
    Cpu(#[from] CpuError),
    /// Pictures from which nothing can be learned.
    #[error(transparent)]
    Teach(#[from] TeachError),
    /// A network that cannot be trained, or a run that cannot go on.
    #[error(transparent)]
    Train(#[from] TrainError),
}

impl Error {
    /// What is wrong with the weights, also where a device found it out.
    pub fn of_weights(&self) -> Option<&WeightError> {
        match self {
            Self::Weight(error) | Self::Gpu(GpuError::Weight(error)) | Self::Cpu(CpuError::Weight(error)) => {
                Some(error)
            }
            _ => None,
        }
    }
}
