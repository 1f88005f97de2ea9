//! What a graph is made of: activations, layers and blocks.

use super::ConfigError;
use crate::shape::{Conv2dSpec, Nchw, PoolSpec, ShapeError};

/// Index into [`Graph::tensors`](super::Graph::tensors).
pub type TensorId = usize;

/// An activation.
#[derive(Clone, Debug, PartialEq)]
pub struct Tensor {
    /// The layer that writes it, or `input`.
    pub name: String,
    pub shape: Nchw,
}

/// The part of a checkpoint's tensors a branch of form A or B takes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Slice {
    All,
    /// Output channels `start..start + len` of the tensor's `of`.
    Out {
        start: usize,
        len: usize,
        of: usize,
    },
    /// Input channels `start..start + len` of the tensor's `of`.
    In {
        start: usize,
        len: usize,
        of: usize,
    },
}

/// What a layer computes. Sizes that the tensors tell are not repeated.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Op {
    /// `conv_bias` says whether the convolution has a bias of its own (beside batch norm).
    Conv2d {
        spec: Conv2dSpec,
        conv_bias: bool,
    },
    /// Batch norm by running statistics, then ReLU where `relu`.
    BatchNorm {
        relu: bool,
    },
    /// Elementwise sum of two inputs, then ReLU where `relu`.
    Add {
        relu: bool,
    },
    /// Inputs side by side along the channels.
    Concat,
    MaxPool(PoolSpec),
    GlobalAvgPool,
    Linear {
        in_features: usize,
        out_features: usize,
    },
    Softmax,
}

/// One step of the network.
#[derive(Clone, Debug, PartialEq)]
pub struct Layer {
    /// PyTorch's name, such as `layer1.0.conv2`; a branch of form A or B appends `.branch3`.
    pub name: String,
    /// PyTorch's module whose tensors it reads: `{key}.weight` and so on.
    pub key: String,
    pub slice: Slice,
    pub op: Op,
    pub inputs: Vec<TensorId>,
    pub output: TensorId,
}

/// How a block is written; the paper's Figure 3 shows that the three compute the same.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum BlockForm {
    /// As many separate branches as the cardinality, summed.
    A,
    /// Branches concatenated before one last convolution.
    B,
    /// One grouped convolution.
    #[default]
    C,
}

/// A residual block of the graph.
#[derive(Clone, Debug, PartialEq)]
pub struct Block {
    /// `layer2.1`
    pub name: String,
    /// From 1, as in the name.
    pub stage: usize,
    pub in_channels: usize,
    /// Channels of the grouped convolution.
    pub width: usize,
    pub out_channels: usize,
    pub groups: usize,
    pub stride: usize,
    /// Whether the shortcut is a convolution.
    pub downsample: bool,
    pub input: Nchw,
    pub output: Nchw,
    /// Its range in [`Graph::layers`](super::Graph::layers).
    pub layers: std::ops::Range<usize>,
}

impl Block {
    /// `64→128→256, 32×4`: channels in, inside, out; groups by channels per group.
    pub fn widths(&self) -> String {
        let per_group = self.width / self.groups;
        format!("{}→{}→{}, {}×{per_group}", self.in_channels, self.width, self.out_channels, self.groups)
    }
}

/// Why no graph can be built.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum GraphError {
    #[error(transparent)]
    Config(#[from] ConfigError),
    #[error("{layer}: {source}")]
    Shape { layer: String, source: ShapeError },
}
