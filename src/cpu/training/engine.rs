//! Runs the steps of a training plan one by one, again and again.

use cardinal_cpu::Scratch;
use web_time::Instant;

use super::execute::{Context, execute};
use crate::cpu::CpuError;
use crate::cpu::build::probe;
use crate::plan::{Hyperparameters, LearningStep, Output, State, TrainingBuffers, TrainingPlan};
use crate::weights::{TensorSource, WeightError};

/// A network that learns on the CPU.
pub struct TrainingEngine {
    plan: TrainingPlan,
    /// None for the labels, which are not f32.
    buffers: TrainingBuffers<Vec<f32>>,
    bn_eps: f64,
    scratch: Scratch,
}

impl TrainingEngine {
    /// Allocates, and reads the parameters and running statistics that training begins with.
    ///
    /// # Errors
    /// What the tensors or the memory refuse.
    pub fn new(plan: TrainingPlan, source: &dyn TensorSource) -> Result<Self, CpuError> {
        probe(plan.bytes())?;
        let buffers = buffers(&plan, source)?;
        Ok(Self { plan, buffers, bn_eps: source.bn_eps(), scratch: Scratch::default() })
    }

    /// The plan that it executes.
    pub fn plan(&self) -> &TrainingPlan {
        &self.plan
    }

    /// One step on a batch: `input` is row-major `[n, in_channels, h, w]`, `labels` has the class of each picture.
    ///
    /// # Errors
    /// A batch of another size, or a label that is no class; nothing has changed then.
    pub fn step(
        &mut self,
        input: &[f32],
        labels: &[u32],
        settings: &Hyperparameters,
    ) -> Result<LearningStep, CpuError> {
        let start = Instant::now();
        self.profile(input, labels, settings)?;
        let (losses, logits) = (self.read(&self.plan.losses), self.read(&self.plan.logits));
        Ok(LearningStep::new(losses, logits, start.elapsed().as_secs_f64() * 1e3))
    }

    /// Takes a step as [`TrainingEngine::step`] does, and gives the milliseconds of each of the plan's steps.
    ///
    /// # Errors
    /// As [`TrainingEngine::step`].
    pub fn profile(&mut self, input: &[f32], labels: &[u32], settings: &Hyperparameters) -> Result<Vec<f64>, CpuError> {
        self.plan.check_batch(input, labels)?;
        self.buffers.slots[self.plan.input_slot][..input.len()].copy_from_slice(input);
        let steps = 0..self.plan.steps.len();
        let timed = steps.map(|at| {
            let start = Instant::now();
            self.execute(at, labels, settings);
            start.elapsed().as_secs_f64() * 1e3
        });
        Ok(timed.collect())
    }

    /// Added to variances under batch norm's square root.
    pub fn bn_eps(&self) -> f64 {
        self.bn_eps
    }

    /// The gradients of the last step by PyTorch's keys. Empty unless the plan keeps them.
    pub fn gradients(&self) -> impl Iterator<Item = (&str, &[usize], &[f32])> {
        let values = self.plan.gradients.iter().map(|&slot| &self.buffers.slots[slot]);
        self.plan.parameters.iter().zip(values).flat_map(split)
    }

    /// Parameters and running statistics as they are now, by PyTorch's keys.
    pub fn tensors(&self) -> impl Iterator<Item = (&str, &[usize], &[f32])> {
        let parameters = self.plan.parameters.iter().zip(&self.buffers.parameters);
        parameters.chain(self.plan.running.iter().zip(&self.buffers.running)).flat_map(split)
    }

    /// What the optimiser remembers of each parameter's gradients, by the parameter's key.
    pub fn velocities(&self) -> impl Iterator<Item = (&str, &[usize], &[f32])> {
        self.plan.parameters.iter().zip(&self.buffers.velocities).flat_map(split)
    }

    /// Goes on from another moment of training: `tensors` and `velocities` are what [`TrainingEngine::tensors`] and
    /// [`TrainingEngine::velocities`] gave then.
    ///
    /// # Errors
    /// A tensor that is missing or of another shape; nothing has changed then.
    pub fn restore(&mut self, tensors: &dyn TensorSource, velocities: &dyn TensorSource) -> Result<(), CpuError> {
        let buffers = buffers(&self.plan, tensors)?;
        let velocities = State::read(&self.plan.parameters, velocities)?;
        self.buffers = TrainingBuffers { velocities, ..buffers };
        Ok(())
    }

    fn execute(&mut self, at: usize, labels: &[u32], settings: &Hyperparameters) {
        let step = &self.plan.steps[at];
        // Taken away from the rest: a step never reads what it writes, except what it changes in place.
        let mut output = std::mem::take(self.buffers.get_mut(step.output));
        let reads: Vec<&[f32]> = step.reads.iter().map(|&buffer| &self.buffers.get(buffer)[..]).collect();
        let mut context = Context { labels, settings, bn_eps: self.bn_eps, scratch: &mut self.scratch };
        execute(step.task, &mut context, &reads, &mut output);
        *self.buffers.get_mut(step.output) = output;
    }

    fn read(&self, output: &Output) -> &[f32] {
        &self.buffers.slots[output.slot][..output.shape.len()]
    }
}

/// Memory for the plan: parameters and running statistics from `source`, velocities of zero.
fn buffers(plan: &TrainingPlan, source: &dyn TensorSource) -> Result<TrainingBuffers<Vec<f32>>, WeightError> {
    let parameters = State::read(&plan.parameters, source)?;
    Ok(TrainingBuffers {
        slots: plan.slots.iter().map(|bytes| vec![0.0; bytes / size_of::<f32>()]).collect(),
        velocities: parameters.iter().map(|values| vec![0.0; values.len()]).collect(),
        parameters,
        running: State::read(&plan.running, source)?,
        labels: Vec::new(),
    })
}

/// The tensors of a state.
fn split<'a>((state, values): (&'a State, &'a Vec<f32>)) -> impl Iterator<Item = (&'a str, &'a [usize], &'a [f32])> {
    state.split(values)
}
