//! The network as a list of named layers in execution order, each with its shapes, parameters and multiply-adds.

use super::builder::Builder;
use super::{ConfigError, ResNextConfig};
use crate::shape::{Conv2dSpec, Nchw, PoolSpec, ShapeError};

/// Index into [`Graph::tensors`].
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
    /// Its range in [`Graph::layers`].
    pub layers: std::ops::Range<usize>,
}

impl Block {
    /// `64→128→256, 32×4`: channels in, inside, out; groups by channels a group.
    pub fn widths(&self) -> String {
        let per_group = self.width / self.groups;
        format!("{}→{}→{}, {}×{per_group}", self.in_channels, self.width, self.out_channels, self.groups)
    }
}

/// A whole network for one input size.
#[derive(Clone, Debug, PartialEq)]
pub struct Graph {
    pub config: ResNextConfig,
    pub tensors: Vec<Tensor>,
    pub layers: Vec<Layer>,
    pub blocks: Vec<Block>,
    pub input: TensorId,
    pub logits: TensorId,
    pub probabilities: TensorId,
}

/// Why no graph can be built.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum GraphError {
    #[error(transparent)]
    Config(#[from] ConfigError),
    #[error("{layer}: {source}")]
    Shape { layer: String, source: ShapeError },
}

impl Graph {
    /// Builds the network for a batch of `n` pictures of `(height, width)` pixels.
    pub fn build(
        config: &ResNextConfig,
        n: usize,
        (h, w): (usize, usize),
        form: BlockForm,
    ) -> Result<Self, GraphError> {
        config.validate()?;
        let mut b = Builder::new(config, Nchw::new(n, config.in_channels, h, w));
        let mut x = b.stem(0)?;
        for stage in 0..config.blocks.len() {
            for index in 0..config.blocks[stage] {
                let stride = if index == 0 { config.strides[stage] } else { 1 };
                x = b.block(x, stage, index, stride, form)?;
            }
        }
        let pooled = b.push("avgpool", Op::GlobalAvgPool, &[x])?;
        let linear = Op::Linear { in_features: b.shape(pooled).c, out_features: config.num_classes };
        let logits = b.push("fc", linear, &[pooled])?;
        let probabilities = b.push("softmax", Op::Softmax, &[logits])?;
        let Builder { tensors, layers, blocks, .. } = b;
        Ok(Self { config: config.clone(), tensors, layers, blocks, input: 0, logits, probabilities })
    }

    /// Learned parameters as PyTorch counts them: running statistics are not among them.
    pub fn parameters(&self) -> u64 {
        self.layers.iter().map(|layer| self.layer_parameters(layer)).sum()
    }

    /// Multiply-adds of the convolutions and the linear layer, torchvision's rule.
    pub fn macs(&self) -> u64 {
        self.layers.iter().map(|layer| self.layer_macs(layer)).sum()
    }

    pub fn layer_parameters(&self, layer: &Layer) -> u64 {
        let parameters = match layer.op {
            Op::Conv2d { spec, conv_bias } => spec.weight_len() + if conv_bias { spec.out_channels } else { 0 },
            Op::BatchNorm { .. } => 2 * self.tensors[layer.output].shape.c,
            Op::Linear { in_features, out_features } => (in_features + 1) * out_features,
            _ => 0,
        };
        parameters as u64
    }

    pub fn layer_macs(&self, layer: &Layer) -> u64 {
        let output = self.tensors[layer.output].shape;
        match layer.op {
            Op::Conv2d { spec, .. } => spec.macs(output),
            Op::Linear { in_features, .. } => in_features as u64 * output.len() as u64,
            _ => 0,
        }
    }

    /// Bytes the layer writes, as f32.
    pub fn layer_activation_bytes(&self, layer: &Layer) -> usize {
        self.tensors[layer.output].shape.bytes()
    }

    pub fn input_shape(&self) -> Nchw {
        self.tensors[self.input].shape
    }

    /// The tensor a layer or a block of this name writes.
    pub fn tensor_named(&self, name: &str) -> Option<TensorId> {
        let block_end = self.blocks.iter().find(|block| block.name == name).map(|block| block.layers.end - 1);
        let layer = block_end.or_else(|| self.layers.iter().position(|layer| layer.name == name))?;
        Some(self.layers[layer].output)
    }
}
