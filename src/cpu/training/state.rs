//! What a step of training reads and writes: the buffers of a plan, in memory.

use crate::plan::{State, TrainingBuffer, TrainingPlan};
use crate::weights::{TensorSource, WeightError};

/// Every buffer of a training plan.
pub(super) struct Buffers {
    pub slots: Vec<Vec<f32>>,
    pub parameters: Vec<Vec<f32>>,
    pub velocities: Vec<Vec<f32>>,
    pub running: Vec<Vec<f32>>,
    pub labels: Vec<u32>,
}

impl Buffers {
    /// Parameters and running statistics from `source`; velocities of zero.
    pub(super) fn new(plan: &TrainingPlan, source: &dyn TensorSource) -> Result<Self, WeightError> {
        let parameters = read(&plan.parameters, source)?;
        Ok(Self {
            slots: plan.slots.iter().map(|bytes| vec![0.0; bytes / size_of::<f32>()]).collect(),
            velocities: parameters.iter().map(|values| vec![0.0; values.len()]).collect(),
            parameters,
            running: read(&plan.running, source)?,
            labels: Vec::new(),
        })
    }

    /// The values of a buffer; none of the labels, which are not f32.
    pub(super) fn get(&self, buffer: TrainingBuffer) -> &[f32] {
        match buffer {
            TrainingBuffer::Slot(at) => &self.slots[at],
            TrainingBuffer::Parameter(at) => &self.parameters[at],
            TrainingBuffer::Velocity(at) => &self.velocities[at],
            TrainingBuffer::Running(at) => &self.running[at],
            TrainingBuffer::Labels => &[],
        }
    }

    /// The memory of a buffer that is written: it is taken out while a step runs, and put back.
    pub(super) fn get_mut(&mut self, buffer: TrainingBuffer) -> &mut Vec<f32> {
        match buffer {
            TrainingBuffer::Slot(at) => &mut self.slots[at],
            TrainingBuffer::Parameter(at) => &mut self.parameters[at],
            TrainingBuffer::Velocity(at) => &mut self.velocities[at],
            TrainingBuffer::Running(at) => &mut self.running[at],
            TrainingBuffer::Labels => unreachable!("no step writes the labels"),
        }
    }
}

/// The values of each state, its tensors one after the other.
pub(super) fn read(states: &[State], source: &dyn TensorSource) -> Result<Vec<Vec<f32>>, WeightError> {
    let one = |state: &State| {
        let mut values = Vec::with_capacity(state.len());
        for (key, shape) in &state.tensors {
            values.extend_from_slice(&source.tensor(key, shape)?);
        }
        Ok(values)
    };
    states.iter().map(one).collect()
}

/// The tensors of a state and their values.
pub(super) fn named<'a>(
    (state, values): (&'a State, &'a Vec<f32>),
) -> impl Iterator<Item = (&'a str, &'a [usize], &'a [f32])> {
    let tensor =
        |(key, shape): &'a (String, Vec<usize>)| (&key[..], &shape[..], &values[state.range(key).unwrap_or_default()]);
    state.tensors.iter().map(tensor)
}
