//! Who starts the cores and carries values to them.

use std::fmt::{self, Debug, Formatter};
use std::rc::Rc;

use cardinal_core::Program;

use super::Engine;
use crate::cpu::{CpuError, Run};
use crate::plan::{Folded, Outputs, Plan, Read, Written};
use crate::weights::{Pending, WeightSource};

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

/// So many cores of a host.
#[derive(Clone)]
pub struct Cores {
    /// Who starts them.
    pub host: Rc<dyn CoreHost>,
    /// How many share a network, at least 1.
    pub count: usize,
}

/// Shares networks among cores. What needs a network only names this trait, and is the smaller for it where no cores are started.
pub trait Sharing: Debug {
    /// As [`Engine::build`].
    ///
    /// # Errors
    /// As [`Engine::build`].
    fn build<'a>(
        &'a self,
        plan: &'a Plan,
        source: &'a dyn WeightSource,
        progress: &'a dyn Fn(u64, u64),
    ) -> Pending<'a, Result<Option<Box<dyn Shared>>, CpuError>>;
}

/// A network that is shared among cores: an [`Engine`], by its trait.
pub trait Shared {
    /// As [`Engine::plan`].
    fn plan(&self) -> &Plan;
    /// As [`Engine::cores`].
    fn cores(&self) -> usize;
    /// As [`Engine::bytes`].
    fn bytes(&self) -> usize;
    /// As [`Engine::run`].
    ///
    /// # Errors
    /// As [`Engine::run`].
    fn run<'a>(&'a self, input: &'a [f32]) -> Pending<'a, Result<Run, CpuError>>;
    /// As [`Engine::read`].
    ///
    /// # Errors
    /// As [`Engine::run`].
    fn read<'a>(&'a self, input: &'a [f32], tensors: &'a [Written]) -> Pending<'a, Result<Outputs, CpuError>>;
    /// As [`Engine::class_activation`].
    ///
    /// # Errors
    /// As [`Engine::class_activation`].
    fn class_activation<'a>(&'a self, run: u64, weight: &'a [f32]) -> Pending<'a, Result<Option<Vec<f32>>, CpuError>>;
    /// As [`Engine::profile`].
    ///
    /// # Errors
    /// As [`Engine::run`].
    fn profile<'a>(&'a self, input: &'a [f32]) -> Pending<'a, Result<Vec<(f64, usize)>, CpuError>>;
}

impl Sharing for Cores {
    fn build<'a>(
        &'a self,
        plan: &'a Plan,
        source: &'a dyn WeightSource,
        progress: &'a dyn Fn(u64, u64),
    ) -> Pending<'a, Result<Option<Box<dyn Shared>>, CpuError>> {
        Box::pin(async move {
            let engine = Engine::build(self, plan, source, progress).await?;
            Ok(engine.map(|engine| Box::new(engine) as Box<dyn Shared>))
        })
    }
}

impl Debug for Cores {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        f.debug_struct("Cores").field("count", &self.count).finish_non_exhaustive()
    }
}
