//! A network on several cores, as those see it who only run it.

use std::fmt::Debug;

use crate::cpu::{CpuError, Run};
use crate::plan::{Outputs, Plan, Written};
use crate::weights::{Pending, WeightSource};

/// Shares networks among cores. What needs a network only names this trait, and is the smaller for it where no cores are started.
pub trait Sharing: Debug {
    /// Starts the cores, and hands each its part of the weights as they come; `progress` is told bytes done and bytes in all. `None` for a
    /// plan that is not shared, see [`Shares::of`](crate::plan::Shares::of).
    ///
    /// # Errors
    /// What the tensors refuse, or cores that do not start.
    fn build<'a>(
        &'a self,
        plan: &'a Plan,
        source: &'a dyn WeightSource,
        progress: &'a dyn Fn(u64, u64),
    ) -> Pending<'a, Result<Option<Box<dyn Shared>>, CpuError>>;
}

/// A network that is shared among cores.
pub trait Shared {
    /// The plan that it executes.
    fn plan(&self) -> &Plan;
    /// Bytes it takes: weights, and the activations of each core.
    fn bytes(&self) -> usize;
    /// Runs the network on `input`, row-major `[n, in_channels, h, w]`.
    ///
    /// # Errors
    /// An input of another length, or a core that has stopped.
    fn run<'a>(&'a self, input: &'a [f32]) -> Pending<'a, Result<Run, CpuError>>;
    /// Runs the network on `input`, row-major `[n, in_channels, h, w]`, up to the last of the steps that write `tensors`, and
    /// gives their values. [`Plan::written`] says where they are.
    ///
    /// # Errors
    /// As [`Shared::run`].
    fn read<'a>(&'a self, input: &'a [f32], tensors: &'a [Written]) -> Pending<'a, Result<Outputs, CpuError>>;
    /// The maps of the classes whose rows of the linear layer `weight` holds, as [`cpu::Engine`](crate::cpu::Engine) gives them. `None` where
    /// `run` is not the last run, or where the plan has no last block.
    ///
    /// # Errors
    /// A core that has stopped.
    fn class_activation<'a>(&'a self, run: u64, weight: &'a [f32]) -> Pending<'a, Result<Option<Vec<f32>>, CpuError>>;
    /// Milliseconds of every step on the core that takes longest, all its repeats together, and how many these were, for the input
    /// `[n, in_channels, h, w]`. What the cores say to each other is not in it.
    ///
    /// # Errors
    /// As [`Shared::run`].
    fn profile<'a>(&'a self, input: &'a [f32]) -> Pending<'a, Result<Vec<(f64, usize)>, CpuError>>;
}
