//! A run that can be stopped: its log, and the state from which it goes on.

use std::path::{Path, PathBuf};

use cardinal::classifier::{TrainingRun, TrainingState};
use serde_json::{Value, json};

use super::Failure;

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
    pub fn resume(&mut self, run: &mut TrainingRun) -> Result<(), Failure> {
        let path = self.state_path.display().to_string();
        let bytes = match std::fs::read(&self.state_path) {
            Ok(bytes) => bytes,
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => return Ok(()),
            Err(error) => return Err(format!("{path}: {error}").into()),
        };
        let state = TrainingState::parse(&bytes, run.bn_eps()).map_err(|error| format!("{path}: {error}"))?;
        let log: Value = serde_json::from_str(&state.note).map_err(|error| format!("{path}: {error}"))?;
        if log["arguments"] != self.log["arguments"] {
            let arguments = &log["arguments"];
            return Err(
                format!("{path}: it is of a run with other arguments, {arguments}; remove it to begin again").into()
            );
        }
        run.restore(state)?;
        self.log = log;
        Ok(())
    }

    /// Notes an epoch and keeps the state after it.
    ///
    /// # Errors
    /// A file that cannot be written.
    pub async fn epoch(&mut self, line: Value, run: &TrainingRun) -> Result<(), Failure> {
        if let Some(epochs) = self.log["epochs"].as_array_mut() {
            epochs.push(line);
        }
        let state = run.state(self.log.to_string()).await?;
        // Replaced in one step: a run that is stopped here finds the old state or the new one.
        let new = self.state_path.with_extension("new");
        std::fs::write(&new, state.to_bytes())?;
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
