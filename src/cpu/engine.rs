//! Runs the steps of a plan one by one, with pauses for the browser in between.

use std::cell::Cell;

use cardinal_cpu::Scratch;
use web_time::Instant;

use super::CpuError;
use super::step::Packed;
use crate::pause::breathe;
use crate::plan::{Output, OutputTensor, Outputs, Plan};

/// Work longer than this is followed by a pause, so that the page stays responsive.
const SLICE_MS: u128 = 12;

/// A step shorter than this is timed by repeating it: browsers round their clocks to 0.1 ms.
const CLEAR_MS: f64 = 5.0;
/// How often at most.
const REPEATS: usize = 10;

/// Lets the browser breathe whenever a slice of work has been done.
pub(super) struct Slices(Instant);

impl Slices {
    pub fn start() -> Self {
        Self(Instant::now())
    }

    pub async fn next(&mut self) {
        if self.0.elapsed().as_millis() >= SLICE_MS {
            breathe().await;
            self.0 = Instant::now();
        }
    }
}

/// A network on the CPU.
pub struct Engine {
    pub(super) plan: Plan,
    /// By place in [`Plan::weights`]; a bias lies with its weight.
    pub(super) weights: Vec<Option<Packed>>,
    /// Taken while it runs.
    pub(super) state: Cell<Option<State>>,
}

/// What a run changes.
pub(super) struct State {
    /// Kept from run to run: many short ones on end are long work too.
    pub slices: Slices,
    /// As [`Plan::slots`].
    pub slots: Vec<Vec<f32>>,
    pub scratch: Scratch,
}

/// The state while it is in use; it goes back when a run ends, also where that is cancelled.
struct Taken<'a> {
    home: &'a Cell<Option<State>>,
    state: Option<State>,
}

impl Drop for Taken<'_> {
    fn drop(&mut self) {
        self.home.set(self.state.take());
    }
}

/// What one inference gave.
#[derive(Clone, Debug)]
pub struct Run {
    /// Those of [`Plan::outputs`].
    pub outputs: Outputs,
    /// From handing over the input to having the outputs, pauses and all.
    pub wall_ms: f64,
}

impl Engine {
    pub fn plan(&self) -> &Plan {
        &self.plan
    }

    /// Bytes it takes: weights and activations.
    pub fn bytes(&self) -> usize {
        self.weights.iter().flatten().map(Packed::bytes).sum::<usize>() + self.plan.activation_bytes()
    }

    /// Runs the network on `input`, row-major `[n, in_channels, h, w]`.
    pub async fn run(&self, input: &[f32]) -> Result<Run, CpuError> {
        let start = Instant::now();
        let mut taken = self.begin(input)?;
        let Some(state) = &mut taken.state else { return Err(CpuError::Busy) };
        for index in 0..self.plan.steps.len() {
            let mut piece = 0;
            while !self.piece(index, piece, state) {
                piece += 1;
                state.slices.next().await;
            }
            state.slices.next().await;
        }
        let output = |output: &Output| {
            let values = state.slots[output.slot][..output.shape.len()].to_vec();
            OutputTensor { name: output.name.clone(), shape: output.shape, values }
        };
        let outputs = self.plan.outputs.iter().map(output).collect();
        Ok(Run { outputs, wall_ms: start.elapsed().as_secs_f64() * 1e3 })
    }

    /// Milliseconds of every step.
    pub async fn profile(&self, input: &[f32]) -> Result<Vec<f64>, CpuError> {
        let mut taken = self.begin(input)?;
        let Some(state) = &mut taken.state else { return Err(CpuError::Busy) };
        let mut times = Vec::with_capacity(self.plan.steps.len());
        for index in 0..self.plan.steps.len() {
            // No step reads what it writes, so repeating one changes nothing.
            let (start, mut runs) = (Instant::now(), 0);
            let ms = loop {
                let mut piece = 0;
                while !self.piece(index, piece, state) {
                    piece += 1;
                }
                runs += 1;
                let ms = start.elapsed().as_secs_f64() * 1e3;
                if ms >= CLEAR_MS || runs == REPEATS {
                    break ms;
                }
            };
            times.push(ms / runs as f64);
            state.slices.next().await;
        }
        Ok(times)
    }

    fn begin(&self, input: &[f32]) -> Result<Taken<'_>, CpuError> {
        let expected = self.plan.graph.input_shape().len();
        if input.len() != expected {
            return Err(CpuError::Input { expected, got: input.len() });
        }
        let mut taken = Taken { home: &self.state, state: Some(self.state.take().ok_or(CpuError::Busy)?) };
        if let Some(state) = &mut taken.state {
            state.slots[self.plan.input_slot][..expected].copy_from_slice(input);
        }
        Ok(taken)
    }
}
