//! What is recorded while a training plan is made: steps over tensors without places, which are given to them at the end.

use super::buffer::{State, TrainingBuffer};
use super::step::{Phase, TrainingStep};
use super::task::TrainingTask;
use crate::plan::place::{Lifetime, Placement, place_lives};

/// A tensor that lives within a step of training; index into [`Tape::bytes`].
pub(super) type Temporary = usize;

/// Steps in order. Until they are placed, [`TrainingBuffer::Slot`] holds the number of a [`Temporary`].
#[derive(Default)]
pub(super) struct Tape {
    /// Of each temporary.
    bytes: Vec<usize>,
    steps: Vec<TrainingStep>,
    pub parameters: Vec<State>,
    pub running: Vec<State>,
}

impl Tape {
    /// A tensor of `len` elements, which some step must write.
    pub(super) fn temporary(&mut self, len: usize) -> Temporary {
        self.bytes.push(len * size_of::<f32>());
        self.bytes.len() - 1
    }

    /// A parameter of one or two tensors, by key and shape.
    pub(super) fn parameter(&mut self, tensors: Vec<(String, Vec<usize>)>) -> usize {
        self.parameters.push(State { tensors });
        self.parameters.len() - 1
    }

    /// The running statistics of a batch norm.
    pub(super) fn running(&mut self, layer: &str, channels: usize) -> TrainingBuffer {
        let tensor = |part: &str| (format!("{layer}.{part}"), vec![channels]);
        self.running.push(State { tensors: vec![tensor("running_mean"), tensor("running_var")] });
        TrainingBuffer::Running(self.running.len() - 1)
    }

    /// A step with `macs` multiply-adds.
    pub(super) fn push(
        &mut self,
        (phase, label, macs): (Phase, &str, u64),
        task: TrainingTask,
        reads: &[TrainingBuffer],
        output: TrainingBuffer,
    ) {
        let (label, reads) = (label.to_owned(), reads.to_vec());
        self.steps.push(TrainingStep { phase, label, task, reads, output, macs });
    }

    /// A step that writes a new tensor of `len` elements.
    pub(super) fn compute(
        &mut self,
        step: (Phase, &str, u64),
        task: TrainingTask,
        reads: &[TrainingBuffer],
        len: usize,
    ) -> Temporary {
        let output = self.temporary(len);
        self.push(step, task, reads, TrainingBuffer::Slot(output));
        output
    }

    /// A buffer for each temporary; those in `keep` hold their values to the end.
    pub(super) fn place(&self, keep: impl Iterator<Item = Temporary>) -> Placement {
        let mut lives: Vec<Option<Lifetime>> = vec![None; self.bytes.len()];
        let mut touch = |tensor: Temporary, at: usize| {
            let life = Lifetime { tensor, first: at, last: at, bytes: self.bytes[tensor] };
            lives[tensor].get_or_insert(life).last = at;
        };
        for (at, step) in self.steps.iter().enumerate() {
            for buffer in step.reads.iter().chain([&step.output]) {
                if let TrainingBuffer::Slot(tensor) = *buffer {
                    touch(tensor, at);
                }
            }
        }
        for tensor in keep {
            touch(tensor, self.steps.len() - 1);
        }
        let mut lives: Vec<Lifetime> = lives.into_iter().flatten().collect();
        lives.sort_by_key(|life| life.first);
        place_lives(&lives, self.steps.len(), self.bytes.len())
    }

    /// The steps with slots in place of temporaries; none are left behind.
    pub(super) fn placed_steps(&mut self, placement: &Placement) -> Vec<TrainingStep> {
        let mut steps = std::mem::take(&mut self.steps);
        for buffer in steps.iter_mut().flat_map(|step| step.reads.iter_mut().chain([&mut step.output])) {
            if let TrainingBuffer::Slot(slot) = buffer {
                *slot = placement.slot(*slot);
            }
        }
        steps
    }
}
