//! Named, timed steps: a heading before each, a table after all.

use std::fmt::Write as _;
use std::time::{Duration, Instant};

use crate::failure::Failure;

pub struct Steps {
    planned: usize,
    finished: Vec<Finished>,
}

struct Finished {
    name: &'static str,
    took: Duration,
    passed: bool,
}

impl Steps {
    pub fn new(planned: usize) -> Self {
        Self { planned, finished: Vec::new() }
    }

    /// Runs one step. Its failure has the step's name, so that the last lines of a long log say where to look.
    ///
    /// # Errors
    ///
    /// That of `work`, with the step's name.
    pub fn run<T>(&mut self, name: &'static str, work: impl FnOnce() -> Result<T, Failure>) -> Result<T, Failure> {
        println!("\n== {}/{} {name}", self.finished.len() + 1, self.planned);
        let start = Instant::now();
        let outcome = work();
        self.finished.push(Finished { name, took: start.elapsed(), passed: outcome.is_ok() });
        outcome.map_err(|failure| failure.in_step(name))
    }

    /// One line per step, then the sum.
    pub fn table(&self) -> String {
        let total: Duration = self.finished.iter().map(|step| step.took).sum();
        let mut table = String::new();
        for step in &self.finished {
            let verdict = if step.passed { "ok" } else { "FAILED" };
            let _ = writeln!(table, "{:<28} {:>7.1} s  {verdict}", step.name, step.took.as_secs_f64());
        }
        let _ = write!(table, "{:<28} {:>7.1} s", "total", total.as_secs_f64());
        table
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_table_names_the_step_that_failed() {
        let mut steps = Steps::new(2);
        steps.run("first", || Ok(())).expect("the step does nothing");
        let failure = steps.run("second", || Err::<(), _>(Failure::new("broken", "mend it"))).expect_err("it fails");
        assert_eq!(failure.to_string(), "error: step `second`: broken\nto do: mend it");
        let table = steps.table();
        let verdicts: Vec<_> = table.lines().map(|line| line.split_whitespace().last().unwrap_or("")).collect();
        assert_eq!(verdicts, ["ok", "FAILED", "s"], "{table}");
    }
}
