//! One group of a convolution at work on a picture: what it reads, its weights, and what comes out.

use std::ops::Range;

use super::{Classifier, Engine};
use crate::error::Error;
use crate::kernels::{ConvKernel, GpuDtype};
use crate::model::{Layer, Op};
use crate::plan::{Upload, UploadKind};
use crate::shape::{Conv2dSpec, Nchw};
use crate::weights::WeightSource;

/// A group of a convolution that a batch norm and a ReLU follow, for a few of its output channels. Every value of `outputs` is
/// `relu(bias + the sum of weight × input over the group's input channels and the kernel)`, up to rounding.
#[derive(Clone, Debug, PartialEq)]
pub struct Group {
    /// The whole convolution.
    pub spec: Conv2dSpec,
    /// Size of `inputs`: `[1, in_channels / groups, h, w]`.
    pub input: Nchw,
    /// Size of `outputs`: `[1, c, h, w]`, where `c` is how many output channels are told.
    pub output: Nchw,
    /// The channels that the group reads, row-major.
    pub inputs: Vec<f32>,
    /// The output channels that were asked for, after batch norm and ReLU, row-major.
    pub outputs: Vec<f32>,
    /// Their weights, `[c, in_channels / groups, kernel_size, kernel_size]`, with batch norm folded in, in the type that the device
    /// has them in.
    pub weight: Vec<f32>,
    /// Their biases, with batch norm folded in.
    pub bias: Vec<f32>,
    /// Where the convolution reads the picture itself: the weights of all output channels as the network's file has them.
    pub filters: Vec<f32>,
}

impl Classifier {
    /// Runs on one picture, `[in_channels, side, side]`, and gives a group of the convolution `layer` (`conv1`, `layer1.0.conv2`) at
    /// work: of its output channels, counted from 0 within the group, those in `channels` that there are. `None` where the network
    /// has no such convolution, group or channel.
    ///
    /// # Errors
    /// As [`Engine::read`], or the weights cannot be read.
    pub async fn group(
        &self,
        picture: &[f32],
        layer: &str,
        group: usize,
        channels: Range<usize>,
    ) -> Result<Option<Group>, Error> {
        let graph = self.graph();
        let Some((convolution, batch_norm, spec)) = self.normed(layer) else { return Ok(None) };
        let per_group = spec.out_channels_per_group();
        let channels = channels.start..channels.end.min(per_group);
        if group >= spec.groups || channels.is_empty() {
            return Ok(None);
        }
        let reads = graph.layers[convolution].inputs[0];
        let (reads, writes) = (&graph.tensors[reads], &graph.layers[batch_norm]);
        let part = |shape: Nchw, values: &[f32], channels: Range<usize>| {
            let map = shape.h * shape.w;
            values[channels.start * map..channels.end * map].to_vec()
        };
        let in_channels = spec.in_channels_per_group();
        let read = group * in_channels..(group + 1) * in_channels;
        let written = group * per_group + channels.start..group * per_group + channels.end;
        let of_picture = graph.layers[convolution].inputs[0] == graph.input;
        let (inputs, outputs) = if of_picture {
            (picture.to_vec(), self.read(picture, &[&writes.name]).await?)
        } else {
            let outputs = self.read(picture, &[&reads.name, &writes.name]).await?;
            (part(reads.shape, outputs.values(&reads.name), read), outputs)
        };
        let shape = graph.tensors[writes.output].shape;
        let outputs = part(shape, outputs.values(&writes.name), written.clone());

        // Only the tensors' names and the folding are wanted of it, not the order of a kernel.
        let kind = |batch_norm| UploadKind::Convolution { layer: convolution, batch_norm, kernel: ConvKernel::Direct };
        let upload = Upload { kind: kind(Some(batch_norm)), targets: [0, 0] };
        let names = self.plan().tensors(&upload);
        let tensors = self.model.fetch(&names).await?;
        let folded = self.plan().fold(&upload, &*tensors)?;
        let filter = in_channels * spec.kernel_size * spec.kernel_size;
        let mut weight = folded.weight[written.start * filter..written.end * filter].to_vec();
        if matches!(self.engine, Engine::Gpu(_)) && self.plan().options.weight_dtype == GpuDtype::F16 {
            weight.iter_mut().for_each(|value| *value = half::f16::from_f32(*value).to_f32());
        }
        let filters = if of_picture {
            self.plan().fold(&Upload { kind: kind(None), ..upload }, &*tensors)?.weight
        } else {
            Vec::new()
        };
        Ok(Some(Group {
            spec,
            input: Nchw::new(1, in_channels, reads.shape.h, reads.shape.w),
            output: Nchw::new(1, channels.len(), shape.h, shape.w),
            inputs,
            outputs,
            weight,
            bias: folded.bias[written].to_vec(),
            filters,
        }))
    }

    /// A convolution by its name and the batch norm with ReLU that follows it, as indices of layers, and its sizes.
    fn normed(&self, layer: &str) -> Option<(usize, usize, Conv2dSpec)> {
        let layers = &self.graph().layers;
        let convolution = layers.iter().position(|other| other.name == layer)?;
        let Op::Conv2d { spec, .. } = layers[convolution].op else { return None };
        let follows =
            |other: &Layer| other.op == (Op::BatchNorm { relu: true }) && other.inputs == [layers[convolution].output];
        Some((convolution, layers.iter().position(follows)?, spec))
    }
}
