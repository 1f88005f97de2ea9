//! Every error of the library as one type. The texts say what, where, expected, got, and what to do.

use crate::cpu::CpuError;
use crate::gpu::GpuError;
use crate::image::ImageError;
use crate::model::{ConfigError, GraphError, UnknownPreset};
use crate::plan::PlanError;
use crate::weights::WeightError;

#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum Error {
    #[error(transparent)]
    Config(#[from] ConfigError),
    #[error(transparent)]
    Preset(#[from] UnknownPreset),
    #[error(transparent)]
    Graph(#[from] GraphError),
    #[error(transparent)]
    Plan(#[from] PlanError),
    #[error(transparent)]
    Weight(#[from] WeightError),
    #[error(transparent)]
    Image(#[from] ImageError),
    #[error(transparent)]
    Gpu(#[from] GpuError),
    #[error(transparent)]
    Cpu(#[from] CpuError),
}
