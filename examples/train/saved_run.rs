//! A run that can be stopped: its log, and the state from which it goes on.

use std::path::{Path, PathBuf};

use cardinal::classifier::Trainer;
use cardinal::weights::{NamedTensor, NamedTensors};
use safetensors::SafeTensors;
use serde_json::{Value, json};

use super::{Failure, files};

/// What is kept of a run beside its network.
pub struct SavedRun {
    /// `OUT.log.json`
    log_path: PathBuf,
    /// `OUT.state.safetensors`
    state_path: PathBuf,
    log: Value,
}

impl SavedRun {
    /// A run with these arguments whose network will be written to `out`.
    pub fn begin(out: &Path, arguments: Value) -> Self {
        let machine = format!(
            "{}, {} cores",
            std::env::consts::ARCH,
            std::thread::available_parallelism().map_or(1, usize::from)
        );
        let stem = out.file_stem().map(|stem| stem.to_string_lossy().into_owned()).unwrap_or_default();
        Self {
            log_path: out.with_file_name(format!("{stem}.log.json")),
            state_path: out.with_file_name(format!("{stem}.state.safetensors")),
            log: json!({ "name": stem, "arguments": arguments, "machine": machine, "epochs": [] }),
        }
    }

    /// The epochs so far, a line each.
    pub fn epochs(&self) -> &[Value] {
        self.log["epochs"].as_array().map_or(&[], Vec::as_slice)
    }

    /// Goes on after the last whole epoch of a run that was stopped, if there is one.
    ///
    /// # Errors
    /// A state that cannot be read, or is of a run with other arguments.
    pub fn resume(&mut self, trainer: &mut Trainer, average: &mut NamedTensors) -> Result<(), Failure> {
        let path = self.state_path.display().to_string();
        let bytes = match std::fs::read(&self.state_path) {
            Ok(bytes) => bytes,
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => return Ok(()),
            Err(error) => return Err(format!("{path}: {error}").into()),
        };
        let broken = |error: &dyn std::fmt::Display| format!("{path}: {error}; remove it to begin again");
        let (_, metadata) = SafeTensors::read_metadata(&bytes).map_err(|error| broken(&error))?;
        let log = metadata.metadata().as_ref().and_then(|metadata| metadata.get("log")).cloned().unwrap_or_default();
        let log: Value = serde_json::from_str(&log).map_err(|error| broken(&error))?;
        if log["arguments"] != self.log["arguments"] {
            return Err(broken(&format!("it is of a run with other arguments, {}", log["arguments"])).into());
        }
        let file = SafeTensors::deserialize(&bytes).map_err(|error| broken(&error))?;
        let bn_eps = trainer.bn_eps();
        let part = |prefix: &str| {
            let mut part = NamedTensors::default().with_bn_eps(bn_eps);
            for (key, tensor) in file.tensors() {
                let Some(key) = key.strip_prefix(prefix) else { continue };
                let (shape, values) = (tensor.shape().to_vec(), files::values(tensor.data()));
                part.tensors.insert(key.to_owned(), NamedTensor { shape, values });
            }
            part
        };
        trainer.restore(&part("model/"), &part("velocity/"))?;
        *average = part("average/");
        self.log = log;
        Ok(())
    }

    /// Notes an epoch and keeps the state after it.
    ///
    /// # Errors
    /// A file that cannot be written.
    pub async fn epoch(&mut self, line: Value, trainer: &Trainer, average: &NamedTensors) -> Result<(), Failure> {
        if let Some(epochs) = self.log["epochs"].as_array_mut() {
            epochs.push(line);
        }
        let (model, velocity) = (trainer.tensors().await?, trainer.velocities().await?);
        let parts = [("model", &model), ("velocity", &velocity), ("average", average)];
        let tensors = parts
            .into_iter()
            .flat_map(|(part, of)| of.tensors.iter().map(move |(key, tensor)| (format!("{part}/{key}"), tensor)));
        let metadata = Some([("log".to_owned(), self.log.to_string())].into());
        // Replaced in one step: a run that is stopped here finds the old state or the new one.
        let new = self.state_path.with_extension("new");
        files::save(&new, tensors, metadata)?;
        std::fs::rename(&new, &self.state_path)?;
        self.write_log()
    }

    /// The network is written: the state is not needed any more.
    ///
    /// # Errors
    /// A file that cannot be removed.
    pub fn finish(&self) -> Result<(), Failure> {
        if self.state_path.exists() {
            std::fs::remove_file(&self.state_path)?;
        }
        self.write_log()
    }

    fn write_log(&self) -> Result<(), Failure> {
        let text = serde_json::to_string_pretty(&self.log)?;
        std::fs::write(&self.log_path, text + "\n")
            .map_err(|error| format!("{}: {error}", self.log_path.display()).into())
    }
}
