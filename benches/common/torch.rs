//! PyTorch's step of training beside ours.

use std::path::Path;

use cardinal::model::ResNextConfig;

use super::script::Script;

/// train/time_step.py, running.
pub struct Torch {
    script: Script,
    /// `PyTorch 2.13.0`
    pub version: String,
}

impl Torch {
    /// Starts it with the Python that has PyTorch, for a network of `train/`.
    ///
    /// # Errors
    /// A Python that cannot be started, or has no PyTorch.
    pub fn start(python: &Path, config: &ResNextConfig, batch: usize) -> Result<Self, String> {
        let [cardinality, base_width, batch] =
            [config.cardinality, config.base_width, batch].map(|number| number.to_string());
        let args = ["--cardinality".into(), cardinality, "--base-width".into(), base_width, "--batch".into(), batch];
        let mut script = Script::start(python, "train/time_step.py", &args)?;
        let version = script.line()?;
        Ok(Self { script, version })
    }

    /// The milliseconds of a forward pass, and of a step.
    ///
    /// # Errors
    /// A process that has ended.
    pub fn measure(&mut self) -> Result<[f64; 2], String> {
        let line = self.script.ask("")?;
        let numbers: Vec<f64> = line.split(' ').filter_map(|number| number.parse().ok()).collect();
        numbers.try_into().map_err(|_| format!("time_step.py: expected two numbers, got {line:?}"))
    }
}
