//! Shares a plan among cores, and runs it there.

use std::cell::Cell;
use std::fmt::{self, Debug, Formatter};
use std::rc::Rc;

use web_time::Instant;

use super::host::{CoreHost, Ran, Request, Team};
use super::shared::{Shared, Sharing};
use crate::cpu::build::each_weight;
use crate::cpu::{CpuError, Run};
use crate::plan::{Output, OutputTensor, Outputs, Plan, Read, Shares, Written};
use crate::shape::Nchw;
use crate::weights::{Pending, WeightSource};

/// So many cores of a host.
#[derive(Clone)]
pub struct Cores {
    /// Who starts them.
    pub host: Rc<dyn CoreHost>,
    /// How many share a network, at least 1.
    pub count: usize,
}

impl Debug for Cores {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        f.debug_struct("Cores").field("count", &self.count).finish_non_exhaustive()
    }
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

/// A network on several cores.
pub struct Engine {
    plan: Plan,
    shares: Shares,
    team: Box<dyn Team>,
    /// Bytes of all cores.
    bytes: usize,
    /// How many runs have been begun.
    runs: Cell<u64>,
}

impl Engine {
    /// Starts the cores, and hands each its part of the weights as they come; `progress` is told bytes done and bytes in all. `None` for a
    /// plan that is not shared, see [`Shares::of`].
    ///
    /// # Errors
    /// What the tensors refuse, or cores that do not start.
    pub async fn build(
        cores: &Cores,
        plan: &Plan,
        source: &dyn WeightSource,
        progress: &dyn Fn(u64, u64),
    ) -> Result<Option<Self>, CpuError> {
        let Some(shares) = Shares::of(plan, cores.count) else { return Ok(None) };
        let team = cores.host.start(&shares.programs).await.map_err(CpuError::Cores)?;
        let take = |step: usize, _: usize, folded| {
            for (core, part) in shares.weights(step, &folded).into_iter().enumerate() {
                if let Some((action, part)) = part {
                    team.pack(core, action, part);
                }
            }
        };
        each_weight(plan, source, progress, take).await?;
        let bytes = team.ready().await.map_err(CpuError::Cores)?.into_iter().sum();
        Ok(Some(Self { plan: plan.clone(), shares, team, bytes, runs: Cell::default() }))
    }

    /// The plan that it executes.
    pub fn plan(&self) -> &Plan {
        &self.plan
    }

    /// Cores that share it.
    pub fn cores(&self) -> usize {
        self.shares.cores()
    }

    /// Bytes it takes: weights, and the activations of each core.
    pub fn bytes(&self) -> usize {
        self.bytes
    }

    /// Runs the network on `input`, row-major `[n, in_channels, h, w]`.
    ///
    /// # Errors
    /// An input of another length, or a core that has stopped.
    pub async fn run(&self, input: &[f32]) -> Result<Run, CpuError> {
        let start = Instant::now();
        let reads: Vec<Read> = self.plan.outputs.iter().map(|output| self.shares.read_last(output)).collect();
        let id = self.begin(input)?;
        let ran = self.ask(Some(input), &reads, false).await?;
        let outputs = assemble(&reads, self.plan.outputs.iter(), &ran);
        Ok(Run { id, outputs, wall_ms: start.elapsed().as_secs_f64() * 1e3 })
    }

    /// Milliseconds of a run on `input`, row-major `[n, in_channels, h, w]`, of which nothing is read.
    ///
    /// # Errors
    /// As [`Engine::run`].
    pub async fn time(&self, input: &[f32]) -> Result<f64, CpuError> {
        let start = Instant::now();
        let end = self.shares.programs.first().map_or(0, |program| program.actions.len());
        self.begin(input)?;
        self.ask(Some(input), &[Read { action: end, parts: vec![None; self.cores()] }], false).await?;
        Ok(start.elapsed().as_secs_f64() * 1e3)
    }

    /// The maps of the classes whose rows of the linear layer `weight` holds, as [`cpu::Engine`](crate::cpu::Engine) gives them. `None` where
    /// `run` is not the last run, or where the plan has no last block.
    ///
    /// # Errors
    /// A core that has stopped.
    pub async fn class_activation(&self, run: u64, weight: &[f32]) -> Result<Option<Vec<f32>>, CpuError> {
        let Some(last) = self.plan.last_block.as_ref().filter(|_| self.runs.get() == run) else { return Ok(None) };
        let reads = [self.shares.read_last(last)];
        let ran = self.ask(None, &reads, false).await?;
        let outputs = assemble(&reads, std::iter::once(last), &ran);
        let Nchw { c, h, w, .. } = last.shape;
        Ok(outputs.iter().next().map(|last| cardinal_cpu::weighted_sums(c, h * w, &last.values, weight)))
    }

    /// Runs the network on `input`, row-major `[n, in_channels, h, w]`, up to the last of the steps that write `tensors`, and
    /// gives their values. [`Plan::written`] says where they are.
    ///
    /// # Errors
    /// As [`Engine::run`].
    pub async fn read(&self, input: &[f32], tensors: &[Written]) -> Result<Outputs, CpuError> {
        // In the order in which they are written, and back.
        let mut order: Vec<usize> = (0..tensors.len()).collect();
        order.sort_by_key(|&index| tensors[index].step);
        let reads: Vec<Read> =
            order.iter().map(|&index| self.shares.read(tensors[index].step, &tensors[index].output)).collect();
        self.begin(input)?;
        let ran = self.ask(Some(input), &reads, false).await?;
        let outputs = assemble(&reads, order.iter().map(|&index| &tensors[index].output), &ran);
        let mut outputs: Vec<_> = order.iter().zip(outputs.iter().cloned()).collect();
        outputs.sort_by_key(|(index, _)| **index);
        Ok(outputs.into_iter().map(|(_, output)| output).collect())
    }

    /// Milliseconds of every step on the core that takes longest, all its repeats together, and how many these were, for the input
    /// `[n, in_channels, h, w]`. What the cores say to each other is not in it.
    ///
    /// # Errors
    /// As [`Engine::run`].
    pub async fn profile(&self, input: &[f32]) -> Result<Vec<(f64, usize)>, CpuError> {
        self.begin(input)?;
        let reads: Vec<Read> = self.plan.outputs.iter().map(|output| self.shares.read_last(output)).collect();
        let ran = self.ask(Some(input), &reads, true).await?;
        let each = |(ms, runs): &(f64, usize)| ms / *runs as f64;
        let slowest = |step| {
            let times =
                ran.times.iter().flat_map(|times| &times[self.shares.actions(step)]).filter(|(_, runs)| *runs > 0);
            times.max_by(|x, y| each(x).total_cmp(&each(y))).copied().unwrap_or((0.0, 1))
        };
        Ok((0..self.plan.steps.len()).map(slowest).collect())
    }

    /// Checks the input. Gives the run's number.
    fn begin(&self, input: &[f32]) -> Result<u64, CpuError> {
        let expected = self.plan.graph.input_shape().len();
        if input.len() != expected {
            return Err(CpuError::Input { expected, got: input.len() });
        }
        self.runs.set(self.runs.get() + 1);
        Ok(self.runs.get())
    }

    async fn ask(&self, input: Option<&[f32]>, reads: &[Read], is_timed: bool) -> Result<Ran, CpuError> {
        let input = input.map(|input| (self.plan.input_slot, input));
        self.team.run(Request { input, reads, is_timed }).await.map_err(CpuError::Cores)
    }
}

impl Shared for Engine {
    fn plan(&self) -> &Plan {
        self.plan()
    }

    fn bytes(&self) -> usize {
        self.bytes()
    }

    fn run<'a>(&'a self, input: &'a [f32]) -> Pending<'a, Result<Run, CpuError>> {
        Box::pin(self.run(input))
    }

    fn read<'a>(&'a self, input: &'a [f32], tensors: &'a [Written]) -> Pending<'a, Result<Outputs, CpuError>> {
        Box::pin(self.read(input, tensors))
    }

    fn class_activation<'a>(&'a self, run: u64, weight: &'a [f32]) -> Pending<'a, Result<Option<Vec<f32>>, CpuError>> {
        Box::pin(self.class_activation(run, weight))
    }

    fn profile<'a>(&'a self, input: &'a [f32]) -> Pending<'a, Result<Vec<(f64, usize)>, CpuError>> {
        Box::pin(self.profile(input))
    }
}

/// The tensors that were read, from the parts of the cores.
fn assemble<'a>(reads: &[Read], outputs: impl Iterator<Item = &'a Output>, ran: &Ran) -> Outputs {
    let mut at = vec![0; ran.values.len()];
    let tensor = |(read, output): (&Read, &Output)| {
        let mut values = vec![0.0; output.shape.len()];
        for (core, part) in read.parts.iter().enumerate().filter_map(|(core, part)| Some((core, part.as_ref()?))) {
            for image in values.chunks_exact_mut(part.image) {
                image[part.first..part.first + part.len].copy_from_slice(&ran.values[core][at[core]..][..part.len]);
                at[core] += part.len;
            }
        }
        OutputTensor { name: output.name.clone(), shape: output.shape, values }
    };
    reads.iter().zip(outputs).map(tensor).collect()
}
