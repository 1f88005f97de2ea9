//! A moment of training, from which a run goes on: as data, and as the bytes of a safetensors file.

use serde::{Deserialize, Serialize};

use crate::train::TrainError;
use crate::weights::{NamedTensor, NamedTensors};

/// The parts of the file, as the beginnings of its tensors' names.
const PARTS: [&str; 3] = ["model/", "velocity/", "average/"];

/// A moment of training.
#[derive(Clone, Debug, PartialEq)]
pub struct TrainingState {
    /// The run that it is of.
    pub run: String,
    /// Steps so far.
    pub step: usize,
    /// What the run's user keeps with it.
    pub note: String,
    /// Parameters and running statistics.
    pub model: NamedTensors,
    /// What the optimiser remembers.
    pub velocities: NamedTensors,
    /// The moving average of the model.
    pub average: NamedTensors,
}

/// All but the tensors, as the file has it.
#[derive(Serialize, Deserialize)]
struct About {
    run: String,
    step: usize,
    note: String,
}

impl TrainingState {
    /// As a safetensors file.
    pub fn to_bytes(&self) -> Vec<u8> {
        let parts = [&self.model, &self.velocities, &self.average];
        let named = PARTS
            .into_iter()
            .zip(parts)
            .flat_map(|(part, of)| of.tensors.iter().map(move |(key, tensor)| (format!("{part}{key}"), tensor)));
        let about = About { run: self.run.clone(), step: self.step, note: self.note.clone() };
        let about = serde_json::to_string(&about).unwrap_or_else(|error| unreachable!("plain data: {error}"));
        NamedTensor::file(named, &about)
    }

    /// Reads the bytes of [`TrainingState::to_bytes`]; `bn_eps` is that of the network.
    ///
    /// # Errors
    /// [`TrainError::State`] for anything else.
    pub fn parse(bytes: &[u8], bn_eps: f64) -> Result<Self, TrainError> {
        let (tensors, about) = NamedTensor::read(bytes).map_err(|error| TrainError::State(error.to_string()))?;
        let about = about.ok_or_else(|| TrainError::State("it does not say which run it is of".into()))?;
        let about: About = serde_json::from_str(&about).map_err(|error| TrainError::State(error.to_string()))?;
        let [mut model, mut velocities, mut average] = [(); 3].map(|()| NamedTensors::default().with_bn_eps(bn_eps));
        for (name, tensor) in tensors {
            let parts = PARTS.into_iter().zip([&mut model, &mut velocities, &mut average]);
            for (part, of) in parts {
                if let Some(key) = name.strip_prefix(part) {
                    of.tensors.insert(key.to_owned(), tensor);
                    break;
                }
            }
        }
        let About { run, step, note } = about;
        Ok(Self { run, step, note, model, velocities, average })
    }
}
