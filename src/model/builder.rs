//! Builds a graph layer by layer, under PyTorch's names.

use super::layer::{Block, BlockForm, GraphError, Layer, Op, Slice, Tensor, TensorId};
use super::{ResNextConfig, Stem};
use crate::shape::{Conv2dSpec, Nchw, PoolSpec, ShapeError};

/// A graph that is being built.
pub(super) struct Builder<'a> {
    pub config: &'a ResNextConfig,
    pub tensors: Vec<Tensor>,
    pub layers: Vec<Layer>,
    pub blocks: Vec<Block>,
}

/// The parameters of a block's inside that all three forms share.
#[derive(Clone, Copy)]
pub(super) struct Inside<'a> {
    /// The block's input.
    pub x: TensorId,
    /// `layer2.1`
    pub name: &'a str,
    /// Channels of the grouped convolution.
    pub width: usize,
    pub out_channels: usize,
    pub groups: usize,
    /// Stride of conv1; 1 unless the network has its strides there.
    pub stride1: usize,
    /// Stride of conv2.
    pub stride2: usize,
}

impl<'a> Builder<'a> {
    pub(super) fn new(config: &'a ResNextConfig, input: Nchw) -> Self {
        let input = Tensor { name: "input".into(), shape: input };
        Self { config, tensors: vec![input], layers: Vec::new(), blocks: Vec::new() }
    }

    pub(super) fn shape(&self, id: TensorId) -> Nchw {
        self.tensors[id].shape
    }

    pub(super) fn push(&mut self, name: &str, op: Op, inputs: &[TensorId]) -> Result<TensorId, GraphError> {
        self.push_part(name.to_owned(), name, Slice::All, op, inputs)
    }

    pub(super) fn push_part(
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

    pub(super) fn conv(
        &self,
        in_channels: usize,
        out_channels: usize,
        kernel_size: usize,
        stride: usize,
        groups: usize,
    ) -> Op {
        let spec = Conv2dSpec { in_channels, out_channels, kernel_size, stride, padding: kernel_size / 2, groups };
        Op::Conv2d { spec, conv_bias: self.config.conv_bias }
    }

    pub(super) fn stem(&mut self, input: TensorId) -> Result<TensorId, GraphError> {
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

    pub(super) fn block(
        &mut self,
        x: TensorId,
        name: String,
        stage: usize,
        stride: usize,
        form: BlockForm,
    ) -> Result<TensorId, GraphError> {
        let first_layer = self.layers.len();
        let in_channels = self.shape(x).c;
        let config = self.config;
        let (width, out_channels, groups) = (config.width(stage), config.out_channels[stage], config.groups(stage));
        let (stride1, stride2) = if config.stride_in_1x1 { (stride, 1) } else { (1, stride) };
        let inside = Inside { x, name: &name, width, out_channels, groups, stride1, stride2 };
        let branch = match form {
            BlockForm::A => self.form_a(inside)?,
            BlockForm::B => self.form_b(inside)?,
            BlockForm::C => self.form_c(inside)?,
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
            groups,
            stride,
            downsample,
            input: self.shape(x),
            output: self.shape(output),
            layers: first_layer..self.layers.len(),
        });
        Ok(output)
    }
}

fn output_shape(op: &Op, inputs: &[Nchw]) -> Result<Nchw, ShapeError> {
    let input = inputs[0];
    Ok(match op {
        Op::Conv2d { spec, .. } => spec.checked()?.output_shape(input)?,
        Op::BatchNorm { .. } | Op::Softmax | Op::Sigmoid => input,
        Op::Add { .. } if inputs[1] != input => return Err(ShapeError::Add { left: input, right: inputs[1] }),
        Op::Add { .. } => input,
        Op::Concat => Nchw { c: inputs.iter().map(|shape| shape.c).sum(), ..input },
        Op::MaxPool(pool) => pool.output_shape(input)?,
        Op::GlobalAvgPool => Nchw { h: 1, w: 1, ..input },
        Op::Linear { out_features, .. } => Nchw { c: *out_features, ..input },
    })
}
