//! The operation of a step, handed to the arithmetic.

use cardinal_cpu::{Epilogue, Instructions, Pointwise, Pool, Scratch, Weights, Window, pointwise, window};

use crate::kernels::ConvLaunch;
use crate::plan::{Folded, Task};
use crate::shape::{Conv2dSpec, Nchw, PoolSpec};

/// The weights of a layer in the order its arithmetic reads them.
pub(super) enum Packed {
    Convolution(Weights),
    /// Of a linear layer or a batch norm: as they are.
    Plain(Folded),
}

impl Packed {
    pub(super) fn bytes(&self) -> usize {
        match self {
            Self::Convolution(weights) => weights.bytes(),
            Self::Plain(Folded { weight, bias }) => size_of_val(&weight[..]) + size_of_val(&bias[..]),
        }
    }
}

/// Packs the weights of the step that reads them.
pub(super) fn pack(instructions: Instructions, task: &Task, folded: Folded) -> Packed {
    match task {
        Task::Convolution(launch, _) => {
            let Folded { weight, bias } = &folded;
            Packed::Convolution(Weights::pack_for(instructions, launch.spec.groups, weight, bias))
        }
        _ => Packed::Plain(folded),
    }
}

/// One operation by itself, on values given: what tests need. Its output of `len` elements is filled with NaN before, so that
/// what is left out shows.
pub fn run_once(task: Task, weights: Option<Folded>, x: &[f32], other: Option<&[f32]>, len: usize) -> Vec<f32> {
    run_with(Instructions::widest(), task, weights, x, other, len)
}

/// [`run_once`], where it is a convolution with an instruction set of this processor.
pub fn run_with(
    instructions: Instructions,
    task: Task,
    weights: Option<Folded>,
    x: &[f32],
    other: Option<&[f32]>,
    len: usize,
) -> Vec<f32> {
    let mut output = vec![f32::NAN; len];
    let weights = weights.map(|folded| pack(instructions, &task, folded));
    execute(task, weights.as_ref(), x, other, &mut Scratch::with(instructions), &mut output);
    output
}

/// An operation. `other` is the residual of a convolution, or the other side of a sum.
pub(super) fn execute(
    task: Task,
    weights: Option<&Packed>,
    x: &[f32],
    other: Option<&[f32]>,
    scratch: &mut Scratch,
    output: &mut [f32],
) {
    match (task, weights) {
        (Task::Convolution(launch, _), Some(Packed::Convolution(weights))) => {
            let epilogue = Epilogue { residual: other, relu: launch.epilogue.relu };
            match sizes(launch) {
                Sizes::Pointwise(sizes) => pointwise(sizes, weights, x, epilogue, scratch, output),
                Sizes::Window(sizes) => window(sizes, weights, x, epilogue, scratch, output),
            }
        }
        (Task::Linear { n, in_features, .. }, Some(Packed::Plain(Folded { weight, bias }))) => {
            cardinal_cpu::linear(weight, bias, &x[..n * in_features], output);
        }
        (Task::BatchNorm { shape, relu }, Some(Packed::Plain(Folded { weight, bias }))) => {
            let (x, y) = (&x[..shape.len()], &mut output[..shape.len()]);
            cardinal_cpu::scale_and_shift(shape.h * shape.w, weight, bias, relu, x, y);
        }
        _ => without_weights(task, x, other, output),
    }
}

/// Operations on activations alone.
fn without_weights(task: Task, x: &[f32], other: Option<&[f32]>, output: &mut [f32]) {
    match task {
        Task::Add { shape, relu } => {
            let len = shape.len();
            cardinal_cpu::add(&x[..len], &other.unwrap_or_default()[..len], relu, &mut output[..len]);
        }
        Task::Concat { input, output: whole, first_channel } => concat(input, whole, first_channel, x, output),
        Task::MaxPool { pool, input, output: to } => {
            cardinal_cpu::max_pool(pooling(pool, input, to), &x[..input.len()], &mut output[..to.len()]);
        }
        Task::GlobalAvgPool { input } => cardinal_cpu::means(input.h * input.w, &x[..input.len()], output),
        Task::Softmax { n, classes } => cardinal_cpu::softmax(classes, &x[..n * classes], output),
        // They have weights: the engine packs those of every step it is built for.
        Task::Convolution(..) | Task::BatchNorm { .. } | Task::Linear { .. } => {
            unreachable!("a step's weights are packed when the engine is built")
        }
    }
}

fn concat(input: Nchw, whole: Nchw, first_channel: usize, x: &[f32], output: &mut [f32]) {
    let (part, all, start) = (input.len() / input.n, whole.len() / whole.n, first_channel * whole.h * whole.w);
    for (x, output) in x[..input.len()].chunks_exact(part).zip(output.chunks_exact_mut(all)) {
        output[start..start + part].copy_from_slice(x);
    }
}

enum Sizes {
    Pointwise(Pointwise),
    Window(Window),
}

/// 1×1 in one group and without a stride is a matrix product as it lies; everything else slides a window.
fn sizes(ConvLaunch { spec, input, output, .. }: ConvLaunch) -> Sizes {
    let (in_channels, out_channels) = (spec.in_channels, spec.out_channels);
    if spec.kernel_size == 1 && spec.padding == 0 && spec.groups == 1 && spec.stride == 1 {
        return Sizes::Pointwise(Pointwise { n: input.n, in_channels, out_channels, pixels: input.h * input.w });
    }
    Sizes::Window(sliding(spec, input, output))
}

/// The sizes of a convolution from `input` to `output`.
pub(super) fn sliding(spec: Conv2dSpec, input: Nchw, output: Nchw) -> Window {
    Window {
        n: input.n,
        groups: spec.groups,
        in_channels: spec.in_channels,
        out_channels: spec.out_channels,
        in_h: input.h,
        in_w: input.w,
        out_h: output.h,
        out_w: output.w,
        kernel_size: spec.kernel_size,
        stride: spec.stride,
        padding: spec.padding,
    }
}

/// The sizes of a max-pool from `input` to `output`.
pub(super) fn pooling(pool: PoolSpec, input: Nchw, output: Nchw) -> Pool {
    Pool {
        in_h: input.h,
        in_w: input.w,
        out_h: output.h,
        out_w: output.w,
        kernel_size: pool.kernel_size,
        stride: pool.stride,
        padding: pool.padding,
    }
}
