//! The error of every command here: what went wrong, and what to do about it.

use std::fmt;

#[derive(Debug)]
pub struct Failure {
    what: String,
    remedy: String,
}

impl Failure {
    pub fn new(what: impl Into<String>, remedy: impl Into<String>) -> Self {
        Self { what: what.into(), remedy: remedy.into() }
    }

    /// Says in which step it happened.
    pub fn in_step(mut self, step: &str) -> Self {
        self.what = format!("step `{step}`: {}", self.what);
        self
    }
}

impl fmt::Display for Failure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "error: {}\nto do: {}", self.what, self.remedy)
    }
}
