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
    /// Its size, n×c×h×w.
    pub shape: Nchw,
}

/// The part of a checkpoint's tensors that a branch of form A or B uses.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Slice {
    /// The whole tensor: form C, and every layer outside of blocks.
    All,
    /// Output channels `start..start + len` of the tensor's `of`.
    Out {
        /// First channel, from 0.
        start: usize,
        /// Number of channels.
        len: usize,
        /// Channels of the whole tensor.
        of: usize,
    },
    /// Input channels `start..start + len` of the tensor's `of`.
    In {
        /// First channel, from 0.
        start: usize,
        /// Number of channels.
        len: usize,
        /// Channels of the whole tensor.
        of: usize,
    },
}

/// What a layer computes. Sizes that follow from the tensors' shapes are not repeated.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Op {
    /// `torch.nn.Conv2d` with a square kernel.
    Conv2d {
        /// Channels, kernel, stride, padding, groups.
        spec: Conv2dSpec,
        /// Whether the checkpoint has a bias for it.
        conv_bias: bool,
    },
    /// `torch.nn.BatchNorm2d` in evaluation mode (with running statistics), then ReLU if `relu`.
    BatchNorm {
        /// Whether ReLU follows.
        relu: bool,
    },
    /// Elementwise sum of two inputs, then ReLU if `relu`.
    Add {
        /// Whether ReLU follows.
        relu: bool,
    },
    /// The inputs concatenated along the channels (`torch.cat(dim=1)`).
    Concat,
    /// `torch.nn.MaxPool2d`.
    MaxPool(PoolSpec),
    /// `torch.nn.AdaptiveAvgPool2d(1)`.
    GlobalAvgPool,
    /// `torch.nn.Linear` over the flattened channels.
    Linear {
        /// Input channels.
        in_features: usize,
        /// Output channels: the classes.
        out_features: usize,
        /// Whether the checkpoint has a bias for it.
        bias: bool,
    },
    /// `torch.softmax` over the channels.
    Softmax,
    /// `torch.sigmoid` of the only channel.
    Sigmoid,
}

/// One step of the network.
#[derive(Clone, Debug, PartialEq)]
pub struct Layer {
    /// PyTorch's name, such as `layer1.0.conv2`; a branch of form A or B appends `.branch3`.
    pub name: String,
    /// PyTorch's module whose tensors it reads: `{key}.weight` and so on.
    pub key: String,
    /// The part of those tensors that it reads.
    pub slice: Slice,
    /// What it computes.
    pub op: Op,
    /// The activations that it reads, in the order of the operation.
    pub inputs: Vec<TensorId>,
    /// The activation that it writes.
    pub output: TensorId,
}

/// How a block is written; the three forms compute the same function (Xie et al. 2017, Fig. 3).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum BlockForm {
    /// One branch per unit of cardinality, each with its own last convolution; their outputs are summed.
    A,
    /// Branches concatenated before one last convolution.
    B,
    /// One grouped convolution.
    #[default]
    C,
}

impl BlockForm {
    /// All three, in the paper's order.
    pub const ALL: [Self; 3] = [Self::A, Self::B, Self::C];
}

/// A residual block of the graph.
#[derive(Clone, Debug, PartialEq)]
pub struct Block {
    /// `layer2.1`
    pub name: String,
    /// The stage's number, from 1 as in the name.
    pub stage: usize,
    /// Channels of the block's input.
    pub in_channels: usize,
    /// Channels of the grouped convolution.
    pub width: usize,
    /// Channels of the block's output.
    pub out_channels: usize,
    /// Groups of the 3×3 convolution: the cardinality.
    pub groups: usize,
    /// Stride of the block: of its shortcut, and of its 3×3 or (with [`ResNextConfig::stride_in_1x1`](super::ResNextConfig)) its
    /// first 1×1 convolution.
    pub stride: usize,
    /// Whether the shortcut is a convolution.
    pub downsample: bool,
    /// Size of the block's input, n×c×h×w.
    pub input: Nchw,
    /// Size of the block's output, n×c×h×w.
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
#[allow(missing_docs, reason = "the messages say what each variant and each of its fields is")]
pub enum GraphError {
    #[error(transparent)]
    Config(#[from] ConfigError),
    #[error("{layer}: {source}")]
    Shape { layer: String, source: ShapeError },
    #[error("the network has no block called `{0}`; names are PyTorch's, such as layer1.0")]
    UnknownBlock(String),
}
