//! The network, or one block of it, as a list of named layers in execution order, each with its shapes, parameters and
//! multiply-adds.

use super::ResNextConfig;
use super::builder::Builder;
use super::layer::{Block, BlockForm, GraphError, Layer, Op, Tensor, TensorId};
use crate::shape::Nchw;

/// The output of `fc`, `[n, num_classes, 1, 1]`: an output of every network with a head.
pub const LOGITS: &str = "logits";
/// Softmax of the logits, or sigmoid of the only one, `[n, num_classes, 1, 1]`: an output of every network with a head.
pub const PROBABILITIES: &str = "probabilities";
/// The average of each channel of the last block, `[n, c, 1, 1]`, PyTorch's `avgpool`: the output of a network without a head.
pub const FEATURES: &str = "avgpool";

/// A whole network, or one of its blocks, for one input size.
#[derive(Clone, Debug, PartialEq)]
pub struct Graph {
    /// The configuration that the graph was built from.
    pub config: ResNextConfig,
    /// Every activation: the input first, then one per layer, in execution order.
    pub tensors: Vec<Tensor>,
    /// The layers, in execution order.
    pub layers: Vec<Layer>,
    /// The residual blocks, in execution order.
    pub blocks: Vec<Block>,
    /// The picture, `[n, in_channels, h, w]`; of a block by itself, the block's input.
    pub input: TensorId,
    /// What it computes, by name: [`LOGITS`] and [`PROBABILITIES`]; [`FEATURES`] without a head; of a block by itself, the block's
    /// output under the block's name.
    pub outputs: Vec<(String, TensorId)>,
}

impl Graph {
    /// Builds the network for a batch of `n` pictures of `(height, width)` pixels.
    ///
    /// # Errors
    /// [`GraphError::Config`] if [`ResNextConfig::validate`] refuses `config`, [`GraphError::Shape`] if a layer's window does
    /// not fit into its input.
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
                x = b.block(x, format!("layer{}.{index}", stage + 1), stage, stride, form)?;
            }
        }
        let features = b.push("avgpool", Op::GlobalAvgPool, &[x])?;
        let mut outputs = vec![(FEATURES.to_owned(), features)];
        if config.num_classes > 0 {
            let (in_features, out_features) = (b.shape(features).c, config.num_classes);
            let scores = b.push("fc", Op::Linear { in_features, out_features, bias: config.head_bias }, &[features])?;
            let (name, op) = if out_features == 1 { ("sigmoid", Op::Sigmoid) } else { ("softmax", Op::Softmax) };
            outputs = vec![(LOGITS.to_owned(), scores), (PROBABILITIES.to_owned(), b.push(name, op, &[scores])?)];
        }
        Ok(Self::built(b, outputs))
    }

    fn built(builder: Builder<'_>, outputs: Vec<(String, TensorId)>) -> Self {
        let Builder { config, tensors, layers, blocks } = builder;
        Self { config: config.clone(), tensors, layers, blocks, input: 0, outputs }
    }

    /// One block of this network by itself, in a form: its input is the block's own input, and its output the block's, after the
    /// sum with the shortcut and ReLU.
    ///
    /// # Errors
    /// [`GraphError::UnknownBlock`] if no block has this name.
    pub fn block(&self, name: &str, form: BlockForm) -> Result<Self, GraphError> {
        let block = self.blocks.iter().find(|block| block.name == name);
        let block = block.ok_or_else(|| GraphError::UnknownBlock(name.to_owned()))?;
        let mut b = Builder::new(&self.config, block.input);
        let output = b.block(0, name.to_owned(), block.stage - 1, block.stride, form)?;
        Ok(Self::built(b, vec![(name.to_owned(), output)]))
    }

    /// The tensor that a block reads: the output of the block before it, or of the stem. `None` if no block has this name.
    pub fn block_input(&self, name: &str) -> Option<TensorId> {
        let block = self.blocks.iter().find(|block| block.name == name)?;
        Some(self.layers[block.layers.start].inputs[0])
    }

    /// Learned parameters as PyTorch counts them: running statistics are not among them.
    pub fn parameters(&self) -> u64 {
        self.layers.iter().map(|layer| self.layer_parameters(layer)).sum()
    }

    /// Multiply-adds of the convolutions and the linear layer, counted as torchvision's `_ops` (GFLOPS) of its weights are.
    pub fn macs(&self) -> u64 {
        self.layers.iter().map(|layer| self.layer_macs(layer)).sum()
    }

    /// Learned parameters of one layer; 0 for a layer without weights.
    ///
    /// # Panics
    /// If `layer` is not of this graph and its output is out of range.
    pub fn layer_parameters(&self, layer: &Layer) -> u64 {
        let parameters = match layer.op {
            Op::Conv2d { spec, conv_bias } => spec.weight_len() + if conv_bias { spec.out_channels } else { 0 },
            Op::BatchNorm { .. } => 2 * self.tensors[layer.output].shape.c,
            Op::Linear { in_features, out_features, bias } => (in_features + usize::from(bias)) * out_features,
            _ => 0,
        };
        parameters as u64
    }

    /// Multiply-adds of one layer; 0 for all but convolutions and `fc`.
    ///
    /// # Panics
    /// If `layer` is not of this graph and its output is out of range.
    pub fn layer_macs(&self, layer: &Layer) -> u64 {
        let output = self.tensors[layer.output].shape;
        match layer.op {
            Op::Conv2d { spec, .. } => spec.macs(output),
            Op::Linear { in_features, .. } => in_features as u64 * output.len() as u64,
            _ => 0,
        }
    }

    /// Bytes of the layer's output, as f32.
    ///
    /// # Panics
    /// If `layer` is not of this graph and its output is out of range.
    pub fn layer_activation_bytes(&self, layer: &Layer) -> usize {
        self.tensors[layer.output].shape.bytes()
    }

    /// Size of the input, `[n, in_channels, h, w]`.
    pub fn input_shape(&self) -> Nchw {
        self.tensors[self.input].shape
    }

    /// The output of the last block: what `avgpool` reads.
    pub fn last_block(&self) -> Option<TensorId> {
        let pool = self.layers.iter().find(|layer| layer.op == Op::GlobalAvgPool)?;
        pool.inputs.first().copied()
    }

    /// The output of the layer or block of this name, such as `layer2.1.conv2` or `layer2.1`.
    pub fn tensor_named(&self, name: &str) -> Option<TensorId> {
        let block_end = self.blocks.iter().find(|block| block.name == name).map(|block| block.layers.end - 1);
        let layer = block_end.or_else(|| self.layers.iter().position(|layer| layer.name == name))?;
        Some(self.layers[layer].output)
    }
}
