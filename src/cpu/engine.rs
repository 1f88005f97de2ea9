//! Runs the steps of a plan one by one.

use std::cell::{RefCell, RefMut};

use cardinal_cpu::{Packed, Scratch};
use web_time::Instant;

use super::CpuError;
use super::clock::time;
use super::step::execute;
use crate::plan::{BufferRef, Output, OutputTensor, Outputs, Plan, Written};
use crate::shape::Nchw;

/// A network on the CPU.
pub struct Engine {
    pub(super) plan: Plan,
    /// By place in [`Plan::weights`]; a bias lies with its weight.
    pub(super) weights: Vec<Option<Packed>>,
    pub(super) state: RefCell<State>,
}

/// What a run changes.
pub(super) struct State {
    /// How many runs have been begun.
    pub runs: u64,
    /// As [`Plan::slots`].
    pub slots: Vec<Vec<f32>>,
    pub scratch: Scratch,
}

impl State {
    /// The values of a tensor that its slot holds now.
    fn tensor(&self, output: &Output) -> OutputTensor {
        let values = self.slots[output.slot][..output.shape.len()].to_vec();
        OutputTensor { name: output.name.clone(), shape: output.shape, values }
    }
}

/// What one inference gave.
#[derive(Clone, Debug)]
pub struct Run {
    /// Which of the engine's runs it was. The engine keeps what belongs to it until the next one.
    pub id: u64,
    /// Those of [`Plan::outputs`].
    pub outputs: Outputs,
    /// From handing over the input to having the outputs.
    pub wall_ms: f64,
}

impl Engine {
    /// The plan that it executes.
    pub fn plan(&self) -> &Plan {
        &self.plan
    }

    /// Bytes it takes: weights and activations.
    pub fn bytes(&self) -> usize {
        self.weights.iter().flatten().map(Packed::bytes).sum::<usize>() + self.plan.activation_bytes()
    }

    /// Runs the network on `input`, row-major `[n, in_channels, h, w]`.
    ///
    /// # Errors
    /// An input of another length, or too little memory.
    pub fn run(&self, input: &[f32]) -> Result<Run, CpuError> {
        let start = Instant::now();
        let mut state = self.begin(input)?;
        for index in 0..self.plan.steps.len() {
            self.execute(index, &mut state);
        }
        let outputs = self.plan.outputs.iter().map(|output| state.tensor(output)).collect();
        Ok(Run { id: state.runs, outputs, wall_ms: start.elapsed().as_secs_f64() * 1e3 })
    }

    /// The maps of the classes whose rows of the linear layer `weight` holds, `[classes, c]`: `[n, classes, h, w]` at the size of
    /// the last block. `None` where `run`, which is [`Run::id`], is not the last run, or where the plan has no last block.
    pub fn class_activation(&self, run: u64, weight: &[f32]) -> Option<Vec<f32>> {
        let state = self.state.borrow();
        let last = self.plan.last_block.as_ref().filter(|_| state.runs == run)?;
        let Nchw { c, h, w, .. } = last.shape;
        let features = &state.slots[last.slot][..last.shape.len()];
        Some(cardinal_cpu::weighted_sums(c, h * w, features, weight))
    }

    /// Runs the network on `input`, row-major `[n, in_channels, h, w]`, up to the last of the steps that write `tensors`, and
    /// gives their values. [`Plan::written`] says where they are.
    ///
    /// # Errors
    /// An input of another length.
    pub fn read(&self, input: &[f32], tensors: &[Written]) -> Result<Outputs, CpuError> {
        let mut state = self.begin(input)?;
        let mut read: Vec<Option<OutputTensor>> = tensors.iter().map(|_| None).collect();
        for index in 0..tensors.iter().map(|tensor| tensor.step + 1).max().unwrap_or(0) {
            self.execute(index, &mut state);
            for (written, read) in tensors.iter().zip(&mut read).filter(|(written, _)| written.step == index) {
                *read = Some(state.tensor(&written.output));
            }
        }
        Ok(read.into_iter().flatten().collect())
    }

    /// Milliseconds of every step, all its repeats together, and how many these were, for the input `[n, in_channels, h, w]`.
    ///
    /// # Errors
    /// An input of another length, or too little memory.
    pub fn profile(&self, input: &[f32]) -> Result<Vec<(f64, usize)>, CpuError> {
        let mut state = self.begin(input)?;
        let mut times = Vec::with_capacity(self.plan.steps.len());
        for index in 0..self.plan.steps.len() {
            times.push(time(|| self.execute(index, &mut state)));
        }
        Ok(times)
    }

    /// Runs a step.
    fn execute(&self, index: usize, state: &mut State) {
        let step = &self.plan.steps[index];
        let Some((&BufferRef::Slot(target), inputs)) = step.buffers.split_last() else {
            unreachable!("the last buffer of a step is the one it writes")
        };
        // Taken away from the rest: a step never reads the buffer it writes.
        let mut output = std::mem::take(&mut state.slots[target]);
        let mut read = inputs.iter().filter_map(|buffer| match *buffer {
            BufferRef::Slot(slot) => Some(&state.slots[slot][..]),
            BufferRef::Weight(_) => None,
        });
        let (x, other) = (read.next().unwrap_or_default(), read.next());
        let weights = inputs.iter().find_map(|buffer| match *buffer {
            BufferRef::Weight(weight) => self.weights[weight].as_ref(),
            BufferRef::Slot(_) => None,
        });
        execute(step.task, weights, x, other, &mut state.scratch, &mut output);
        state.slots[target] = output;
    }

    fn begin(&self, input: &[f32]) -> Result<RefMut<'_, State>, CpuError> {
        let expected = self.plan.graph.input_shape().len();
        if input.len() != expected {
            return Err(CpuError::Input { expected, got: input.len() });
        }
        let mut state = self.state.borrow_mut();
        state.runs += 1;
        state.slots[self.plan.input_slot][..expected].copy_from_slice(input);
        Ok(state)
    }
}
