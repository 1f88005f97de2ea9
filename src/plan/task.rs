//! What a step computes, as data. The GPU's dispatches are made from it; the CPU engine executes it as it is.

use crate::kernels::{
    ConvKernel, ConvLaunch, Dispatch, Epilogue, GpuDtype, KernelError, batch_norm_relu, concat_channels,
    conv2d_pointwise, global_avg_pool, max_pool, residual_add, softmax,
};
use crate::shape::{Conv2dSpec, Nchw, PoolSpec};

/// The operation of a step. Its buffers are [`Step::buffers`](super::Step::buffers), in the order that each variant gives, the
/// output last.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Task {
    /// Input, weight, bias, residual (the bias again where there is none). The kernel is the GPU's.
    Convolution(ConvLaunch, ConvKernel),
    /// Input, scale, shift.
    BatchNorm {
        /// Of input and output.
        shape: Nchw,
        /// Whether ReLU follows.
        relu: bool,
    },
    /// Both sides of the sum.
    Add {
        /// Of both terms and the output.
        shape: Nchw,
        /// Whether ReLU follows.
        relu: bool,
    },
    /// One input of several; it becomes the channels of the output from `first_channel` on.
    Concat {
        /// Of this input.
        input: Nchw,
        /// Of the output, with the channels of all inputs.
        output: Nchw,
        /// Where in the output this input's channels begin.
        first_channel: usize,
    },
    /// Input.
    MaxPool {
        /// Window, stride, padding.
        pool: PoolSpec,
        /// Of the input.
        input: Nchw,
        /// Of the output.
        output: Nchw,
    },
    /// Input.
    GlobalAvgPool {
        /// Of the input; the output is `[n, c]`.
        input: Nchw,
    },
    /// Input, weight, bias, the bias again.
    Linear {
        /// Images of the batch.
        n: usize,
        /// Values per image that come in.
        in_features: usize,
        /// Values per image that go out.
        out_features: usize,
        /// The type of the packed weights.
        weight_dtype: GpuDtype,
    },
    /// Input. The sigmoid where there is one value per image: softmax over that value and an implicit zero.
    Softmax {
        /// Images of the batch.
        n: usize,
        /// Values per image.
        classes: usize,
    },
}

impl Task {
    /// The launch of a kernel that computes it.
    ///
    /// # Errors
    /// More elements or workgroups than WebGPU has numbers for.
    pub fn dispatch(self) -> Result<Dispatch, KernelError> {
        match self {
            Self::Convolution(launch, kernel) => kernel.dispatch(launch),
            Self::BatchNorm { shape, relu } => batch_norm_relu::dispatch(shape, relu),
            Self::Add { shape, relu } => residual_add::dispatch(shape, relu),
            Self::Concat { input, output, first_channel } => concat_channels::dispatch(input, output, first_channel),
            Self::MaxPool { pool, input, output } => max_pool::dispatch(pool, input, output),
            Self::GlobalAvgPool { input } => global_avg_pool::dispatch(input),
            Self::Linear { n, in_features, out_features, weight_dtype } => {
                let (spec, input, output) = linear(n, in_features, out_features);
                let launch = ConvLaunch { spec, input, output, epilogue: Epilogue::default(), weight_dtype };
                LINEAR.dispatch(launch)
            }
            Self::Softmax { n, classes } => softmax::dispatch(n, classes),
        }
    }
}

impl Task {
    /// Bytes of the activations that it reads and writes, each counted once, in f16 or in f32.
    pub(super) fn activation_bytes(self, f16: bool) -> usize {
        let bytes = match self {
            Self::Convolution(ConvLaunch { input, output, epilogue, .. }, _) => {
                input.bytes() + output.bytes() * (1 + usize::from(epilogue.residual))
            }
            Self::BatchNorm { shape, .. } => 2 * shape.bytes(),
            Self::Add { shape, .. } => 3 * shape.bytes(),
            Self::Concat { input, .. } => 2 * input.bytes(),
            Self::MaxPool { input, output, .. } => input.bytes() + output.bytes(),
            // The few values after the average are f32.
            Self::GlobalAvgPool { input } => {
                return input.bytes() / (1 + usize::from(f16)) + Nchw { h: 1, w: 1, ..input }.bytes();
            }
            Self::Linear { n, in_features, out_features, .. } => {
                return Nchw::new(n, in_features + out_features, 1, 1).bytes();
            }
            Self::Softmax { n, classes } => return 2 * Nchw::new(n, classes, 1, 1).bytes(),
        };
        bytes / (1 + usize::from(f16))
    }
}

/// A linear layer as a 1×1 convolution of images of one pixel, from the one shape to the other.
pub(super) fn linear(n: usize, in_features: usize, out_features: usize) -> (Conv2dSpec, Nchw, Nchw) {
    let spec = Conv2dSpec::pointwise(in_features, out_features);
    (spec, Nchw::new(n, in_features, 1, 1), Nchw::new(n, out_features, 1, 1))
}

/// The kernel of such a convolution.
pub(super) const LINEAR: ConvKernel = ConvKernel::Pointwise(conv2d_pointwise::Tile::LINEAR);
