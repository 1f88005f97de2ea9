//! A run that can be stopped: its log, and the state from which it goes on.

use std::path::{Path, PathBuf};

use cardinal::cpu::TrainingEngine;
use safetensors::tensor::TensorView;
use safetensors::{Dtype, SafeTensors};
use serde_json::{Value, json};

use super::Failure;
use super::recipe::Tensors;

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
    pub fn resume(&mut self, engine: &mut TrainingEngine, average: &mut Tensors) -> Result<(), Failure> {
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
        let part = |prefix: &str| {
            let mut tensors = Tensors { bn_eps: average.bn_eps, ..Tensors::default() };
            for (key, tensor) in file.tensors() {
                let Some(key) = key.strip_prefix(prefix) else { continue };
                let values = tensor.data().as_chunks::<4>().0.iter().map(|&bytes| f32::from_le_bytes(bytes));
                tensors.values.insert(key.to_owned(), values.collect());
            }
            tensors
        };
        engine.restore(&part("model/"), &part("velocity/"))?;
        *average = part("average/");
        self.log = log;
        Ok(())
    }

    /// Notes an epoch and keeps the state after it.
    ///
    /// # Errors
    /// A file that cannot be written.
    pub fn epoch(&mut self, line: Value, engine: &TrainingEngine, average: &Tensors) -> Result<(), Failure> {
        if let Some(epochs) = self.log["epochs"].as_array_mut() {
            epochs.push(line);
        }
        let bytes = |values: &[f32]| values.iter().flat_map(|value| value.to_le_bytes()).collect::<Vec<u8>>();
        let mut tensors: Vec<(String, Vec<u8>)> = Vec::new();
        tensors.extend(engine.tensors().map(|(key, _, values)| (format!("model/{key}"), bytes(values))));
        tensors.extend(engine.velocities().map(|(key, _, values)| (format!("velocity/{key}"), bytes(values))));
        tensors.extend(average.values.iter().map(|(key, values)| (format!("average/{key}"), bytes(values))));
        let view = |(key, bytes)| Ok((key, TensorView::new(Dtype::F32, vec![bytes_len(bytes)], bytes)?));
        let views = tensors.iter().map(|(key, bytes)| view((key, bytes)));
        let views = views.collect::<Result<Vec<_>, safetensors::SafeTensorError>>()?;
        let metadata = Some([("log".to_owned(), self.log.to_string())].into());
        // Replaced in one step: a run that is stopped here finds the old state or the new one.
        let new = self.state_path.with_extension("new");
        safetensors::serialize_to_file(views, metadata, &new)?;
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

fn bytes_len(bytes: &[u8]) -> usize {
    bytes.len() / size_of::<f32>()
}
