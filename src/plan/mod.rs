//! Graph to a list of dispatches: fusion, buffer lifetimes and reuse, weights to be uploaded. Pure data, no GPU.
//!
//! *Plain* is one dispatch per layer. *Fused* folds batch norm into the weights as they are loaded (`weight * scale`, `bias *
//! scale + shift`, in f64) and takes ReLU and the residual sum into the convolution's epilogue, as far as nobody else reads what
//! lies between. In a block whose shortcut is a convolution, that convolution comes last and takes the sum. ResNeXt-50 has 126
//! dispatches plain and 57 fused.
//!
//! [`PlanOptions`] also says what type the weights have on the GPU. f16 is rounded to nearest even after folding: ResNeXt-50 then
//! takes 50 MB for its weights instead of 100, and its logits move by less than 2e-3 of the peak. A folded weight beyond ±65504 is
//! an error that names the tensor. [`Plan::gpu_bytes`] is what a network takes: weights and activations.
//!
//! [`Tuning::activation_f16`] stores activations in f16, from the input to the last block; what its average gives, logits and
//! probabilities are f32, and so is all arithmetic. A run in which a value is beyond ±65504 ends with an error.
//!
//! Activations take turns in a few buffers. A tensor lives from the step that writes it to the last that reads it; a few greedy
//! orders are tried and the smallest result kept. ResNeXt-50 needs three buffers and not a byte more than live at once (8.03 MB
//! fused). A step never reads the buffer it writes: WebGPU forbids it.
//!
//! [`TrainingPlan`] is one step of training in the same form: forward, loss, backward and optimiser.

mod display;
mod fold;
mod fuse;
mod lower;
pub(crate) mod operation;
mod options;
mod outputs;
mod place;
mod probe;
#[cfg(feature = "page")]
mod share;
mod step;
mod task;
mod training;
mod upload;
mod written;

pub use crate::kernels::{GpuDtype, Tuning};
pub use crate::model::{FEATURES, LOGITS, PROBABILITIES};
#[cfg(feature = "page")]
pub use cardinal_core::Part;
pub use options::{PlanKind, PlanOptions};
pub use outputs::{Output, OutputTensor, Outputs};
pub use probe::{KernelCheck, Probe};
#[cfg(feature = "page")]
pub use share::{Read, Shares, branches};
pub use step::{BufferRef, PlanError, Step, WeightBuffer};
pub use task::Task;
pub use training::{
    BatchError, Hyperparameters, Launch, LaunchOptions, LearningStep, Operand, Phase, State, TrainingBuffer,
    TrainingBuffers, TrainingOptions, TrainingPlan, TrainingStep, TrainingTask,
};
pub use upload::{Folded, Upload, UploadKind};
pub use written::Written;

use crate::model::{Graph, TensorId};

/// A whole inference, ready to be executed any number of times.
#[derive(Clone, Debug, PartialEq)]
pub struct Plan {
    /// The graph that was planned.
    pub graph: Graph,
    /// The options that it was planned with.
    pub options: PlanOptions,
    /// The dispatches, in the order they run.
    pub steps: Vec<Step>,
    /// Sizes in bytes of the buffers that activations take turns in.
    pub slots: Vec<usize>,
    /// The buffers of weights, as sizes.
    pub weights: Vec<WeightBuffer>,
    /// How [`Plan::weights`] are filled.
    pub uploads: Vec<Upload>,
    /// Index into [`Plan::slots`] of the input, `[n, in_channels, h, w]`.
    pub input_slot: usize,
    /// The tensors that are read back.
    pub outputs: Vec<Output>,
    /// What the average of each channel is taken of: the output of the last block. It stays in its slot until the next run, for
    /// class activation maps.
    pub last_block: Option<Output>,
    /// Bytes of all activations that live at once at the worst step: no placement can need less.
    pub lower_bound: usize,
}

impl Plan {
    /// Plans `graph`; its own outputs are read back: logits and probabilities, [`FEATURES`] where there is no head, or a block's.
    ///
    /// # Errors
    /// A layer that no kernel can compute at its size.
    pub fn new(graph: Graph, options: impl Into<PlanOptions>) -> Result<Self, PlanError> {
        Self::with_outputs(graph, options, &[])
    }

    /// Plans `graph` and keeps the outputs of the named layers and blocks to be read back beside those of [`Plan::new`]. A name
    /// that is given twice counts once.
    ///
    /// # Errors
    /// A name that the graph does not have, or a layer that no kernel can compute at its size.
    pub fn with_outputs(graph: Graph, options: impl Into<PlanOptions>, names: &[&str]) -> Result<Self, PlanError> {
        let options = options.into();
        let mut kept: Vec<(String, TensorId)> = Vec::new();
        for &name in names {
            if kept.iter().any(|(known, _)| known == name) {
                continue;
            }
            let tensor = graph.tensor_named(name).ok_or_else(|| PlanError::UnknownOutput(name.to_owned()))?;
            kept.push((name.to_owned(), tensor));
        }
        for own in &graph.outputs {
            if !kept.contains(own) {
                kept.push(own.clone());
            }
        }

        let keep: Vec<TensorId> = kept.iter().map(|(_, tensor)| *tensor).collect();
        let operations = fuse::operations(&graph, options.kind, &keep);
        let last_block = graph.last_block();
        let living: Vec<TensorId> = keep.iter().copied().chain(last_block).collect();
        let dtype = |tensor| options.dtype(&graph, tensor);
        let placement = place::place(&graph, &operations, &living, dtype);
        let lowered =
            lower::lower(&graph, &operations, &placement, options.weight_dtype, &options.tuning.unwrap_or_default())?;
        let output = |(name, tensor): (String, TensorId)| {
            let shape = graph.tensors[tensor].shape;
            Output { name, slot: placement.slot(tensor), shape, dtype: dtype(tensor) }
        };
        let last_block = last_block.map(|tensor| output((graph.tensors[tensor].name.clone(), tensor)));
        let outputs = kept.into_iter().map(output).collect();
        Ok(Self {
            options,
            steps: lowered.steps,
            weights: lowered.weights,
            uploads: lowered.uploads,
            input_slot: placement.slot(graph.input),
            slots: placement.slots,
            outputs,
            last_block,
            lower_bound: placement.lower_bound,
            graph,
        })
    }

    /// How the GPU stores the input.
    pub fn input_dtype(&self) -> GpuDtype {
        self.options.dtype(&self.graph, self.graph.input)
    }

    /// How many values each slot has room for, for an engine that stores all of them in f32.
    pub fn slot_lens(&self) -> impl Iterator<Item = usize> + '_ {
        let size = GpuDtype::f16_if(self.options.activation_f16()).size();
        self.slots.iter().map(move |bytes| bytes / size)
    }

    /// Bytes of all activation buffers.
    pub fn activation_bytes(&self) -> usize {
        self.slots.iter().sum()
    }

    /// Bytes of all weight buffers.
    pub fn weight_bytes(&self) -> usize {
        self.weights.iter().map(WeightBuffer::bytes).sum()
    }

    /// Bytes of all buffers that grow with the network: weights and activations. Uniforms and readback, some kilobytes,
    /// are the engine's.
    pub fn gpu_bytes(&self) -> usize {
        self.weight_bytes() + self.activation_bytes()
    }

    /// Multiply-adds of one inference.
    pub fn macs(&self) -> u64 {
        self.steps.iter().map(|step| step.macs).sum()
    }

    /// Cuts the steps into submissions of about `macs` multiply-adds each; a step is never cut.
    pub fn submissions(&self, macs: u64) -> Vec<std::ops::Range<usize>> {
        submissions(self.steps.iter().map(|step| step.macs), macs)
    }
}

/// Cuts steps of so many multiply-adds, one or more, into submissions of about `macs` each.
pub(crate) fn submissions(steps: impl ExactSizeIterator<Item = u64>, macs: u64) -> Vec<std::ops::Range<usize>> {
    let (mut ranges, count) = (Vec::new(), steps.len());
    let (mut start, mut sum) = (0, 0u64);
    for (index, step) in steps.enumerate() {
        if index > start && sum.saturating_add(step) > macs {
            ranges.push(start..index);
            (start, sum) = (index, 0);
        }
        sum += step;
    }
    ranges.push(start..count);
    ranges
}
