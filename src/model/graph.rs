//! The network as a list of named layers in execution order, each with its shapes, parameters and multiply-adds.

use super::{ConfigError, EXPANSION, ResNextConfig, Stem};
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
        let input = Tensor { name: "input".into(), shape: Nchw::new(n, config.in_channels, h, w) };
        let mut b = Builder { config, tensors: vec![input], layers: Vec::new(), blocks: Vec::new() };
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
            Op::Linear { in_features, .. } => (in_features * output.len()) as u64,
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

struct Builder<'a> {
    config: &'a ResNextConfig,
    tensors: Vec<Tensor>,
    layers: Vec<Layer>,
    blocks: Vec<Block>,
}

impl Builder<'_> {
    fn shape(&self, id: TensorId) -> Nchw {
        self.tensors[id].shape
    }

    fn push(&mut self, name: &str, op: Op, inputs: &[TensorId]) -> Result<TensorId, GraphError> {
        self.push_part(name.to_owned(), name, Slice::All, op, inputs)
    }

    fn push_part(
        &mut self,
        name: String,
        key: &str,
        slice: Slice,
        op: Op,
        inputs: &[TensorId],
    ) -> Result<TensorId, GraphError> {
        let shapes: Vec<Nchw> = inputs.iter().map(|&id| self.shape(id)).collect();
        let shape = output_shape(&op, &shapes).map_err(|source| GraphError::Shape { layer: name.clone(), source })?;
        let output = self.tensors.len();
        self.tensors.push(Tensor { name: name.clone(), shape });
        self.layers.push(Layer { name, key: key.to_owned(), slice, op, inputs: inputs.to_vec(), output });
        Ok(output)
    }

    fn conv(&self, in_channels: usize, out_channels: usize, kernel_size: usize, stride: usize, groups: usize) -> Op {
        let spec = Conv2dSpec { in_channels, out_channels, kernel_size, stride, padding: kernel_size / 2, groups };
        Op::Conv2d { spec, conv_bias: self.config.conv_bias }
    }

    fn stem(&mut self, input: TensorId) -> Result<TensorId, GraphError> {
        let (kernel_size, stride) = match self.config.stem {
            Stem::Imagenet => (7, 2),
            Stem::Cifar => (3, 1),
        };
        let conv1 = self.conv(self.config.in_channels, self.config.stem_channels, kernel_size, stride, 1);
        let x = self.push("conv1", conv1, &[input])?;
        let x = self.push("bn1", Op::BatchNorm { relu: true }, &[x])?;
        match self.config.stem {
            Stem::Imagenet => {
                self.push("maxpool", Op::MaxPool(PoolSpec { kernel_size: 3, stride: 2, padding: 1 }), &[x])
            }
            Stem::Cifar => Ok(x),
        }
    }

    fn block(
        &mut self,
        x: TensorId,
        stage: usize,
        index: usize,
        stride: usize,
        form: BlockForm,
    ) -> Result<TensorId, GraphError> {
        let name = format!("layer{}.{index}", stage + 1);
        let first_layer = self.layers.len();
        let in_channels = self.shape(x).c;
        let (width, out_channels) = (self.config.width(stage), self.config.planes[stage] * EXPANSION);
        let branch = match form {
            BlockForm::A => self.form_a(x, &name, width, out_channels, stride)?,
            BlockForm::B => self.form_b(x, &name, width, out_channels, stride)?,
            BlockForm::C => self.form_c(x, &name, width, out_channels, stride)?,
        };
        let branch = self.push(&format!("{name}.bn3"), Op::BatchNorm { relu: false }, &[branch])?;
        let downsample = stride != 1 || in_channels != out_channels;
        let shortcut = if downsample {
            let conv = self.conv(in_channels, out_channels, 1, stride, 1);
            let y = self.push(&format!("{name}.downsample.0"), conv, &[x])?;
            self.push(&format!("{name}.downsample.1"), Op::BatchNorm { relu: false }, &[y])?
        } else {
            x
        };
        let output = self.push(&format!("{name}.add"), Op::Add { relu: true }, &[branch, shortcut])?;
        self.blocks.push(Block {
            name,
            stage: stage + 1,
            in_channels,
            width,
            out_channels,
            groups: self.config.cardinality,
            stride,
            downsample,
            input: self.shape(x),
            output: self.shape(output),
            layers: first_layer..self.layers.len(),
        });
        Ok(output)
    }

    /// conv1 → conv2 with `cardinality` groups → conv3.
    fn form_c(
        &mut self,
        x: TensorId,
        name: &str,
        width: usize,
        out_channels: usize,
        stride: usize,
    ) -> Result<TensorId, GraphError> {
        let conv1 = self.conv(self.shape(x).c, width, 1, 1, 1);
        let y = self.push(&format!("{name}.conv1"), conv1, &[x])?;
        let y = self.push(&format!("{name}.bn1"), Op::BatchNorm { relu: true }, &[y])?;
        let conv2 = self.conv(width, width, 3, stride, self.config.cardinality);
        let y = self.push(&format!("{name}.conv2"), conv2, &[y])?;
        let y = self.push(&format!("{name}.bn2"), Op::BatchNorm { relu: true }, &[y])?;
        self.push(&format!("{name}.conv3"), self.conv(width, out_channels, 1, 1, 1), &[y])
    }

    /// Every branch ends in channels of its own; one conv3 reads them side by side.
    fn form_b(
        &mut self,
        x: TensorId,
        name: &str,
        width: usize,
        out_channels: usize,
        stride: usize,
    ) -> Result<TensorId, GraphError> {
        let branches = (0..self.config.cardinality)
            .map(|branch| self.branch(x, name, width, stride, branch))
            .collect::<Result<Vec<_>, _>>()?;
        let y = self.push(&format!("{name}.concat"), Op::Concat, &branches)?;
        self.push(&format!("{name}.conv3"), self.conv(width, out_channels, 1, 1, 1), &[y])
    }

    /// Every branch has a conv3 of its own (a slice of its input channels); their outputs are summed.
    fn form_a(
        &mut self,
        x: TensorId,
        name: &str,
        width: usize,
        out_channels: usize,
        stride: usize,
    ) -> Result<TensorId, GraphError> {
        let len = width / self.config.cardinality;
        let key = format!("{name}.conv3");
        let mut sum = None;
        for branch in 0..self.config.cardinality {
            let y = self.branch(x, name, width, stride, branch)?;
            let Op::Conv2d { spec, conv_bias } = self.conv(len, out_channels, 1, 1, 1) else { unreachable!() };
            // The bias belongs to the sum, so one branch carries it.
            let conv3 = Op::Conv2d { spec, conv_bias: conv_bias && branch == 0 };
            let slice = Slice::In { start: branch * len, len, of: width };
            let y = self.push_part(format!("{key}.branch{branch}"), &key, slice, conv3, &[y])?;
            sum = Some(match sum {
                None => y,
                Some(sum) => self.push(&format!("{name}.sum{branch}"), Op::Add { relu: false }, &[sum, y])?,
            });
        }
        // `validate` has refused a cardinality of zero.
        Ok(sum.unwrap_or(x))
    }

    /// conv1 and conv2 of one branch: output channels `branch * len ..` of the grouped form.
    fn branch(
        &mut self,
        x: TensorId,
        name: &str,
        width: usize,
        stride: usize,
        branch: usize,
    ) -> Result<TensorId, GraphError> {
        let len = width / self.config.cardinality;
        let slice = Slice::Out { start: branch * len, len, of: width };
        let mut y = x;
        for (index, op) in [(1, self.conv(self.shape(x).c, len, 1, 1, 1)), (2, self.conv(len, len, 3, stride, 1))] {
            let (conv, bn) = (format!("{name}.conv{index}"), format!("{name}.bn{index}"));
            y = self.push_part(format!("{conv}.branch{branch}"), &conv, slice, op, &[y])?;
            y = self.push_part(format!("{bn}.branch{branch}"), &bn, slice, Op::BatchNorm { relu: true }, &[y])?;
        }
        Ok(y)
    }
}

fn output_shape(op: &Op, inputs: &[Nchw]) -> Result<Nchw, ShapeError> {
    let input = inputs[0];
    Ok(match op {
        Op::Conv2d { spec, .. } => spec.checked()?.output_shape(input)?,
        Op::BatchNorm { .. } | Op::Softmax => input,
        Op::Add { .. } if inputs[1] != input => return Err(ShapeError::Add { left: input, right: inputs[1] }),
        Op::Add { .. } => input,
        Op::Concat => Nchw { c: inputs.iter().map(|shape| shape.c).sum(), ..input },
        Op::MaxPool(pool) => pool.output_shape(input)?,
        Op::GlobalAvgPool => Nchw { h: 1, w: 1, ..input },
        Op::Linear { out_features, .. } => Nchw { c: *out_features, ..input },
    })
}
