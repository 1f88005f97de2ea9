//! Runs the steps of a training plan one by one, again and again.

use std::borrow::Cow;

use cardinal_cpu::Scratch;
use web_time::Instant;

use super::execute::{Context, execute};
use super::state::{Buffers, named, read};
use crate::cpu::CpuError;
use crate::plan::{Hyperparameters, LearningStep, Output, TrainingPlan};
use crate::weights::{TensorSource, WeightError};

/// A network that learns on the CPU.
pub struct TrainingEngine {
    plan: TrainingPlan,
    buffers: Buffers,
    bn_eps: f64,
    scratch: Scratch,
}

impl TrainingEngine {
    /// Allocates, and reads the parameters and running statistics that training begins with.
    ///
    /// # Errors
    /// What the tensors or the memory refuse.
    pub fn new(plan: TrainingPlan, source: &dyn TensorSource) -> Result<Self, CpuError> {
        super::super::build::probe(plan.bytes())?;
        let buffers = Buffers::new(&plan, source)?;
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
        self.plan.check_batch(input, labels)?;
        self.buffers.slots[self.plan.input_slot][..input.len()].copy_from_slice(input);
        self.buffers.labels = labels.to_vec();
        for at in 0..self.plan.steps.len() {
            self.execute(at, settings);
        }
        let losses = self.read(&self.plan.losses);
        let loss = losses.iter().map(|&loss| f64::from(loss)).sum::<f64>() / losses.len() as f64;
        let logits = self.read(&self.plan.logits).to_vec();
        Ok(LearningStep { loss, logits, wall_ms: start.elapsed().as_secs_f64() * 1e3 })
    }

    /// Added to variances under batch norm's square root.
    pub fn bn_eps(&self) -> f64 {
        self.bn_eps
    }

    /// The gradients of the last step by PyTorch's keys. Empty unless the plan keeps them.
    pub fn gradients(&self) -> impl Iterator<Item = (&str, &[usize], &[f32])> {
        let values = self.plan.gradients.iter().map(|&slot| &self.buffers.slots[slot]);
        self.plan.parameters.iter().zip(values).flat_map(named)
    }

    /// Parameters and running statistics as they are now, by PyTorch's keys.
    pub fn tensors(&self) -> impl Iterator<Item = (&str, &[usize], &[f32])> {
        let parameters = self.plan.parameters.iter().zip(&self.buffers.parameters);
        parameters.chain(self.plan.running.iter().zip(&self.buffers.running)).flat_map(named)
    }

    /// What the optimiser remembers of each parameter's gradients, by the parameter's key.
    pub fn velocities(&self) -> impl Iterator<Item = (&str, &[usize], &[f32])> {
        self.plan.parameters.iter().zip(&self.buffers.velocities).flat_map(named)
    }

    /// Goes on from another moment of training: `tensors` and `velocities` are what [`TrainingEngine::tensors`] and
    /// [`TrainingEngine::velocities`] gave then.
    ///
    /// # Errors
    /// A tensor that is missing or of another shape; nothing has changed then.
    pub fn restore(&mut self, tensors: &dyn TensorSource, velocities: &dyn TensorSource) -> Result<(), CpuError> {
        let buffers = Buffers::new(&self.plan, tensors)?;
        let velocities = read(&self.plan.parameters, velocities)?;
        self.buffers = Buffers { velocities, ..buffers };
        Ok(())
    }

    fn execute(&mut self, at: usize, settings: &Hyperparameters) {
        let step = &self.plan.steps[at];
        // Taken away from the rest: a step never reads what it writes, except what it changes in place.
        let mut output = std::mem::take(self.buffers.get_mut(step.output));
        let reads: Vec<&[f32]> = step.reads.iter().map(|&buffer| self.buffers.get(buffer)).collect();
        let labels = &self.buffers.labels[..];
        let mut context = Context { labels, settings, bn_eps: self.bn_eps, scratch: &mut self.scratch };
        execute(step.task, &mut context, &reads, &mut output);
        *self.buffers.get_mut(step.output) = output;
    }

    fn read(&self, output: &Output) -> &[f32] {
        &self.buffers.slots[output.slot][..output.shape.len()]
    }
}

/// The parameters and running statistics as they are now.
impl TensorSource for TrainingEngine {
    fn tensor(&self, name: &str, shape: &[usize]) -> Result<Cow<'_, [f32]>, WeightError> {
        let Some((_, known, values)) = self.tensors().find(|(key, ..)| *key == name) else {
            return Err(WeightError::NoSuchTensor(name.to_owned()));
        };
        if known != shape {
            let (expected, got) = (shape.to_vec(), known.iter().map(|&size| size as u64).collect());
            return Err(WeightError::Shape { tensor: name.to_owned(), expected, got });
        }
        Ok(Cow::Borrowed(values))
    }

    fn bn_eps(&self) -> f64 {
        self.bn_eps
    }
}
