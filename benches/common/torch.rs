//! PyTorch's step of training beside ours: a process that measures whenever it is asked.

use std::io::{BufRead, BufReader, Lines, Write};
use std::path::{Path, PathBuf};
use std::process::{Child, ChildStdin, ChildStdout, Command, Stdio};

use cardinal::model::ResNextConfig;

/// train/time_step.py, running.
pub struct Torch {
    child: Child,
    ask: ChildStdin,
    answers: Lines<BufReader<ChildStdout>>,
    /// `PyTorch 2.13.0`
    pub version: String,
}

impl Torch {
    /// Starts it with the Python that has PyTorch, for a network of `train/`.
    ///
    /// # Errors
    /// A Python that cannot be started, or has no PyTorch.
    pub fn start(python: &Path, config: &ResNextConfig, batch: usize) -> Result<Self, String> {
        let failed = |error: std::io::Error| format!("{}: {error}", python.display());
        let script = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("train/time_step.py");
        let numbers = [config.cardinality, config.base_width, batch].map(|number| number.to_string());
        let mut child = Command::new(python)
            .arg(script)
            .args(["--cardinality", &numbers[0], "--base-width", &numbers[1], "--batch", &numbers[2]])
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .map_err(failed)?;
        let (Some(ask), Some(answers)) = (child.stdin.take(), child.stdout.take()) else {
            unreachable!("both are piped")
        };
        let mut torch = Self { child, ask, answers: BufReader::new(answers).lines(), version: String::new() };
        torch.version = torch.line()?;
        Ok(torch)
    }

    /// The milliseconds of a forward pass, and of a step.
    ///
    /// # Errors
    /// A process that has ended.
    pub fn measure(&mut self) -> Result<[f64; 2], String> {
        writeln!(self.ask).map_err(|error| format!("time_step.py: {error}"))?;
        let line = self.line()?;
        let numbers: Vec<f64> = line.split(' ').filter_map(|number| number.parse().ok()).collect();
        numbers.try_into().map_err(|_| format!("time_step.py: expected two numbers, got {line:?}"))
    }

    fn line(&mut self) -> Result<String, String> {
        match self.answers.next() {
            Some(Ok(line)) => Ok(line),
            _ => Err("time_step.py has ended: does this Python have PyTorch? It says why above".into()),
        }
    }
}

impl Drop for Torch {
    /// The script would end with its input, and we do not wait for it.
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}
