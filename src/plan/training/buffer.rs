//! The buffers of a training plan.

use crate::weights::{TensorSource, WeightError};

/// A buffer that a step reads or writes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum TrainingBuffer {
    /// Index into [`TrainingPlan::slots`](super::TrainingPlan::slots).
    Slot(usize),
    /// Index into [`TrainingPlan::parameters`](super::TrainingPlan::parameters).
    Parameter(usize),
    /// What the optimiser remembers of this parameter's gradients.
    Velocity(usize),
    /// Index into [`TrainingPlan::running`](super::TrainingPlan::running).
    Running(usize),
    /// The class of each picture, `[n]`, as u32.
    Labels,
}

/// One thing for each buffer of a training plan, such as the memory that an engine has for it.
#[derive(Clone, Debug)]
pub struct TrainingBuffers<T> {
    /// By [`TrainingBuffer::Slot`].
    pub slots: Vec<T>,
    /// By [`TrainingBuffer::Parameter`].
    pub parameters: Vec<T>,
    /// By [`TrainingBuffer::Velocity`].
    pub velocities: Vec<T>,
    /// By [`TrainingBuffer::Running`].
    pub running: Vec<T>,
    /// Of [`TrainingBuffer::Labels`].
    pub labels: T,
}

impl<T> TrainingBuffers<T> {
    /// What belongs to a buffer.
    pub fn get(&self, buffer: TrainingBuffer) -> &T {
        match buffer {
            TrainingBuffer::Slot(at) => &self.slots[at],
            TrainingBuffer::Parameter(at) => &self.parameters[at],
            TrainingBuffer::Velocity(at) => &self.velocities[at],
            TrainingBuffer::Running(at) => &self.running[at],
            TrainingBuffer::Labels => &self.labels,
        }
    }

    /// The same, to be changed.
    pub fn get_mut(&mut self, buffer: TrainingBuffer) -> &mut T {
        match buffer {
            TrainingBuffer::Slot(at) => &mut self.slots[at],
            TrainingBuffer::Parameter(at) => &mut self.parameters[at],
            TrainingBuffer::Velocity(at) => &mut self.velocities[at],
            TrainingBuffer::Running(at) => &mut self.running[at],
            TrainingBuffer::Labels => &mut self.labels,
        }
    }
}

/// Tensors that outlive a step and lie one after the other in a buffer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct State {
    /// PyTorch's keys and the shapes, such as `bn1.weight` and `bn1.bias`.
    pub tensors: Vec<(String, Vec<usize>)>,
}

impl State {
    /// Elements of all tensors.
    pub fn len(&self) -> usize {
        self.tensors.iter().map(|(_, shape)| shape.iter().product::<usize>()).sum()
    }

    /// Whether it holds nothing.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// Bytes in f32.
    pub fn bytes(&self) -> usize {
        self.len() * size_of::<f32>()
    }

    /// The values that `source` has for each of `states`.
    ///
    /// # Errors
    /// A tensor that is missing or of another shape.
    pub fn read(states: &[Self], source: &dyn TensorSource) -> Result<Vec<Vec<f32>>, WeightError> {
        let one = |state: &Self| {
            let mut values = Vec::with_capacity(state.len());
            for (key, shape) in &state.tensors {
                values.extend_from_slice(&source.tensor(key, shape)?);
            }
            Ok(values)
        };
        states.iter().map(one).collect()
    }

    /// Its tensors, each with key, shape and its part of `values`.
    pub fn split<'a, T>(&'a self, values: &'a [T]) -> impl Iterator<Item = (&'a str, &'a [usize], &'a [T])> {
        let mut rest = values;
        self.tensors.iter().map(move |(key, shape)| {
            let (own, others) = rest.split_at(shape.iter().product());
            rest = others;
            (&key[..], &shape[..], own)
        })
    }
}
