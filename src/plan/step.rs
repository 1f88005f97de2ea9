//! The steps of a plan, their buffers, and why there may be none.

use super::Task;
use crate::kernels::{Dispatch, GpuDtype, KernelError};
use crate::shape::Nchw;

/// A buffer a step reads or writes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum BufferRef {
    /// Index into [`Plan::slots`](super::Plan::slots).
    Slot(usize),
    /// Index into [`Plan::weights`](super::Plan::weights).
    Weight(usize),
}

/// One operation with its buffers.
#[derive(Clone, Debug, PartialEq)]
pub struct Step {
    /// Graph layers it computes, as indices; the first one names it.
    pub layers: Vec<usize>,
    /// The name of the first layer it computes, such as `layer1.0.conv2`.
    pub label: String,
    /// What is computed.
    pub task: Task,
    /// How the GPU does it.
    pub dispatch: Dispatch,
    /// In the order of the shader's bindings; the last is the output.
    pub buffers: Vec<BufferRef>,
    /// Multiply-adds.
    pub macs: u64,
    /// Bytes that it moves if each value is moved once: inputs, weights, residual, output.
    pub bytes: usize,
}

/// A buffer of packed weights.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct WeightBuffer {
    /// Layer and part, such as `layer1.0.conv2.weight`.
    pub label: String,
    /// Elements, without what the buffer is filled up with.
    pub len: usize,
    /// The type of an element.
    pub dtype: GpuDtype,
}

impl WeightBuffer {
    /// Bytes of the buffer, with what it is filled up with.
    pub fn bytes(&self) -> usize {
        self.dtype.bytes(self.len)
    }
}

/// Why a graph cannot be planned.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum PlanError {
    /// A layer that no kernel can compute at its size.
    #[error("{layer}: {source}")]
    Kernel {
        /// The layer's name.
        layer: String,
        /// Why its kernel cannot be launched.
        source: KernelError,
    },
    /// An output was asked for by a name that the graph does not have.
    #[error("no layer or block is called `{0}`; names are PyTorch's, such as layer1.0 or layer2.1.conv2")]
    UnknownOutput(String),
    /// A batch norm that sees one value per channel, whose variance says nothing.
    #[error(
        "{layer}: batch norm cannot be trained on one value per channel ({shape}, n×c×h×w); use larger pictures or more of them"
    )]
    OneValue {
        /// The batch norm.
        layer: String,
        /// The size of its input.
        shape: Nchw,
    },
    /// A network that cannot be trained.
    #[error("{network} cannot be trained: {reason}")]
    NotTrainable {
        /// The network's title.
        network: String,
        /// Why, and what can be.
        reason: &'static str,
    },
    /// An activation was asked for that this plan never has in memory.
    #[error(
        "this plan never writes the output of `{name}`: one step computes it together with `{instead}`. Ask for `{instead}`, or \
         keep `{name}` when the graph is planned (Plan::with_outputs, LoadOptions::outputs), or take the plain plan"
    )]
    NotWritten {
        /// The layer.
        name: String,
        /// The layer whose output the same step writes.
        instead: String,
    },
}
