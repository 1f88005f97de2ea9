//! Why a load failed, from the errors of what it does.

use crate::Error;
use crate::protocol::{LoadFailure, LoadProblem};
use crate::store::FetchError;
use crate::weights::WeightError;

impl From<FetchError> for LoadFailure {
    fn from(error: FetchError) -> Self {
        Self::new(LoadProblem::Fetch, error.to_string())
    }
}

impl From<Error> for LoadFailure {
    fn from(error: Error) -> Self {
        let problem = match (error.of_weights(), &error) {
            // The file could not be read any further.
            (Some(WeightError::Source(_)), _) => LoadProblem::Fetch,
            (None, Error::Gpu(_) | Error::Cpu(_)) => LoadProblem::Device,
            _ => LoadProblem::File,
        };
        let (expected, got) = error.of_weights().and_then(WeightError::difference).unzip();
        Self { problem, reason: error.to_string(), expected, got }
    }
}
