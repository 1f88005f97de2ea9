//! Who starts the cores and carries values to them.

use cardinal_core::Program;

use crate::plan::{Folded, Read};
use crate::weights::Pending;

/// Starts cores.
pub trait CoreHost {
    /// Starts a core per program; they know each other.
    ///
    /// # Errors
    /// Why they cannot be started, in words.
    fn start<'a>(&'a self, programs: &'a [Program]) -> Pending<'a, Result<Box<dyn Team>, String>>;
}

/// Cores that share a network. They end when it is dropped.
pub trait Team {
    /// Hands the core at place `core` its part of the weights that the action at place `action` reads.
    fn pack(&self, core: usize, action: usize, weights: Folded);

    /// Waits until all that was handed over is packed. Gives the bytes that each core takes.
    ///
    /// # Errors
    /// Why a core has stopped, in words.
    fn ready(&self) -> Pending<'_, Result<Vec<usize>, String>>;

    /// Runs the programs up to the last action that is read, and reads. Runs take place in the order in which they were asked for.
    ///
    /// # Errors
    /// Why a core has stopped, in words.
    fn run<'a>(&'a self, request: Request<'a>) -> Pending<'a, Result<Ran, String>>;
}

/// A run.
#[derive(Clone, Copy, Debug)]
pub struct Request<'a> {
    /// The slot of the input, and its values; without any, only what the last run has left is read.
    pub input: Option<(usize, &'a [f32])>,
    /// What is read, in the order of their actions.
    pub reads: &'a [Read],
    /// Whether each action is timed, and for that repeated where it is short.
    pub is_timed: bool,
}

/// What a run gave.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Ran {
    /// By core: the values of its parts of what was read, one after the other.
    pub values: Vec<Vec<f32>>,
    /// By core and action, if it was timed: milliseconds of all repeats, and how many these were. An exchange takes none.
    pub times: Vec<Vec<(f64, usize)>>,
}
