//! Why a course ends.

use crate::Error;
use crate::gpu::GpuError;
use crate::weights::WeightError;

/// Why a course ends.
pub(in crate::race) enum Halt {
    /// The device was lost.
    Lost,
    /// It cannot go on, for this reason.
    Failed(String),
    /// Nobody can send it a command any more.
    Replaced,
}

impl From<Error> for Halt {
    fn from(error: Error) -> Self {
        match error {
            Error::Gpu(error) => error.into(),
            error => Self::Failed(error.to_string()),
        }
    }
}

impl From<GpuError> for Halt {
    fn from(error: GpuError) -> Self {
        if error.is_lost() { Self::Lost } else { Self::Failed(error.to_string()) }
    }
}

impl From<WeightError> for Halt {
    fn from(error: WeightError) -> Self {
        Error::from(error).into()
    }
}
