//! A Python script that answers line by line: a peer that measures whenever it is asked.

use std::io::{BufRead, BufReader, Lines, Write};
use std::path::{Path, PathBuf};
use std::process::{Child, ChildStdin, ChildStdout, Command, Stdio};

/// A script of this repository, running.
pub struct Script {
    child: Child,
    ask: ChildStdin,
    answers: Lines<BufReader<ChildStdout>>,
    /// Its path in the repository.
    path: &'static str,
}

impl Script {
    /// Starts it.
    ///
    /// # Errors
    /// A Python that cannot be started.
    pub fn start(python: &Path, path: &'static str, args: &[String]) -> Result<Self, String> {
        let mut child = Command::new(python)
            .arg(PathBuf::from(env!("CARGO_MANIFEST_DIR")).join(path))
            .args(args)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .map_err(|error| format!("{}: {error}", python.display()))?;
        let (Some(ask), Some(answers)) = (child.stdin.take(), child.stdout.take()) else {
            unreachable!("both are piped")
        };
        Ok(Self { child, ask, answers: BufReader::new(answers).lines(), path })
    }

    /// The answer to a line.
    ///
    /// # Errors
    /// A script that has ended.
    pub fn ask(&mut self, line: &str) -> Result<String, String> {
        writeln!(self.ask, "{line}").map_err(|error| format!("{}: {error}", self.path))?;
        self.line()
    }

    /// The next line that it prints.
    ///
    /// # Errors
    /// A script that has ended.
    pub fn line(&mut self) -> Result<String, String> {
        match self.answers.next() {
            Some(Ok(line)) => Ok(line),
            _ => Err(format!("{} has ended; it says why above", self.path)),
        }
    }
}

impl Drop for Script {
    /// It would end with its input, and we do not wait for it.
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}
