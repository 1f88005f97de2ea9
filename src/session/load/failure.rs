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
        let problem = match &error {
            Error::Gpu(_) | Error::Cpu(_) => LoadProblem::Device,
            // The file could not be read any further.
            Error::Weight(WeightError::Source(_)) => LoadProblem::Fetch,
            _ => LoadProblem::File,
        };
        let difference = if let Error::Weight(error) = &error { error.difference() } else { None };
        let (expected, got) = difference.unzip();
        Self { problem, reason: error.to_string(), expected, got }
    }
}
