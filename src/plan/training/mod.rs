//! One step of training as data: forward with the batch's own statistics, loss, backward, optimiser.
//!
//! The forward pass is the plain plan: the same tasks, but batch norm computes its statistics and nothing is fused, since the
//! backward pass reads what lies between. What it reads lives until it has been read, and everything is placed as in an inference:
//! tensors whose lifetimes do not overlap share a buffer. So does each parameter's gradient: the optimiser's step for a parameter
//! follows as soon as the gradient is known and the old value is no more needed, and its memory is free again. With
//! [`TrainingOptions::keep_gradients`] gradients live to the end instead, to be looked at.
//!
//! Where a tensor has two readers, as a block's input has, its gradient is a sum. Backward convolutions add what is known so far
//! as they store (`residual`), as forward ones add the shortcut; the gradient of a sum goes to both of its terms as it is.
//!
//! Parameters, velocities and running statistics have buffers of their own ([`TrainingBuffer`]), which outlive the step.
//! Parameters are in PyTorch's order; weight and bias of a batch norm share a buffer, as do mean and variance.

mod backward;
mod batch;
mod buffer;
mod dispatch;
mod display;
mod forward;
mod hyperparameters;
mod options;
mod step;
mod tape;
mod task;

pub use batch::{BatchError, LearningStep};
pub use buffer::{State, TrainingBuffer, TrainingBuffers};
pub use dispatch::{Launch, LaunchOptions, Operand};
pub use hyperparameters::Hyperparameters;
pub use options::TrainingOptions;
pub use step::{Phase, TrainingStep};
pub use task::TrainingTask;

use super::{LOGITS, Output, PlanError};
use crate::kernels::Tuning;
use crate::model::{Graph, Op, Slice};
use crate::shape::Nchw;
use tape::Tape;

/// A whole step of training, ready to be executed any number of times.
#[derive(Clone, Debug, PartialEq)]
pub struct TrainingPlan {
    /// The graph that was planned; its input has the batch's size.
    pub graph: Graph,
    /// What is done, in order.
    pub steps: Vec<TrainingStep>,
    /// Sizes in bytes of the buffers that activations, their gradients and the parameters' gradients take turns in.
    pub slots: Vec<usize>,
    /// What is learned. A velocity of the same size belongs to each.
    pub parameters: Vec<State>,
    /// Kernels for the GPU's convolutions.
    pub tuning: Tuning,
    /// What is averaged over the steps: mean and variance of each batch norm.
    pub running: Vec<State>,
    /// Index into [`TrainingPlan::slots`] of the input, `[n, in_channels, h, w]` in f32.
    pub input_slot: usize,
    /// The loss of each picture, `[n]`.
    pub losses: Output,
    /// The logits, `[n, classes]`, before the step's update.
    pub logits: Output,
    /// By parameter, where its gradient is at the end of the step; empty unless they are kept.
    pub gradients: Vec<usize>,
    /// Bytes in slots that live at once at the worst step: no placement can need less.
    pub lower_bound: usize,
    /// Index into [`TrainingPlan::steps`] of that step.
    pub peak: usize,
}

impl TrainingPlan {
    /// Plans a step of training for the batch that `graph` was built for.
    ///
    /// # Errors
    /// A network that cannot be trained: blocks of the forms A or B, no head or a single logit; or a batch norm that would see one
    /// value per channel.
    pub fn new(graph: Graph, options: TrainingOptions) -> Result<Self, PlanError> {
        let refused = |reason| Err(PlanError::NotTrainable { network: graph.config.title(), reason });
        if graph.config.num_classes < 2 || !graph.outputs.iter().any(|(name, _)| name == LOGITS) {
            return refused("the loss needs two classes or more, and a head (fc) that tells them apart");
        }
        if graph.layers.iter().any(|layer| layer.op == Op::Concat || layer.slice != Slice::All) {
            return refused(
                "its blocks are written in form A or B; build its graph in form C, which computes the same",
            );
        }
        let mut tape = Tape::default();
        let tuning = options.tuning.unwrap_or_default();
        let forward = forward::record(&graph, &mut tape, &tuning)?;
        let gradients = backward::record(&graph, &forward, &mut tape);
        let kept = if options.keep_gradients { &gradients[..] } else { &[] };
        let read_back = [forward.losses, forward.logits];
        let placement = tape.place(read_back.iter().chain(kept).copied());
        let dtype = crate::kernels::GpuDtype::F32;
        let output = |name: &str, tensor, c| Output {
            dtype,
            name: name.to_owned(),
            slot: placement.slot(tensor),
            shape: Nchw::new(graph.input_shape().n, c, 1, 1),
        };
        Ok(Self {
            input_slot: placement.slot(forward.input),
            losses: output("losses", forward.losses, 1),
            logits: output(LOGITS, forward.logits, graph.config.num_classes),
            gradients: kept.iter().map(|&tensor| placement.slot(tensor)).collect(),
            lower_bound: placement.lower_bound,
            peak: placement.peak,
            steps: tape.placed_steps(&placement),
            slots: placement.slots,
            parameters: tape.parameters,
            running: tape.running,
            tuning,
            graph,
        })
    }

    /// Refuses a batch that does not fit: `input` is `[n, in_channels, h, w]`, `labels` has the class of each picture.
    ///
    /// # Errors
    /// What does not fit, and what would.
    pub fn check_batch(&self, input: &[f32], labels: &[u32]) -> Result<(), BatchError> {
        batch::check(self.graph.input_shape(), self.graph.config.num_classes, input, labels)
    }

    /// Bytes of the buffers that activations and gradients take turns in.
    pub fn activation_bytes(&self) -> usize {
        self.slots.iter().sum()
    }

    /// Bytes of parameters, velocities and running statistics.
    pub fn state_bytes(&self) -> usize {
        let bytes = |states: &[State]| states.iter().map(State::bytes).sum::<usize>();
        2 * bytes(&self.parameters) + bytes(&self.running)
    }

    /// Bytes of everything at once: what a step takes at its peak.
    pub fn bytes(&self) -> usize {
        self.activation_bytes() + self.state_bytes()
    }

    /// Multiply-adds of one step: about three times those of the forward pass.
    pub fn macs(&self) -> u64 {
        self.steps.iter().map(|step| step.macs).sum()
    }
}
