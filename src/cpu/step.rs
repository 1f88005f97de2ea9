//! The operation of a step, handed to the arithmetic.

use cardinal_cpu::{Epilogue, Pointwise, Pool, Scratch, Weights, Window, pointwise, window};

use crate::kernels::ConvLaunch;
use crate::plan::{Folded, Task};
use crate::shape::Nchw;

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
pub(super) fn pack(task: &Task, folded: Folded) -> Packed {
    match task {
        Task::Convolution(launch, _) => {
            Packed::Convolution(Weights::pack(launch.spec.groups, &folded.weight, &folded.bias))
        }
        _ => Packed::Plain(folded),
    }
}

/// One operation by itself, on values given: what tests need. Its output of `len` elements is filled with NaN before, so that
/// what is left out shows.
pub fn run_once(task: Task, weights: Option<Folded>, x: &[f32], other: Option<&[f32]>, len: usize) -> Vec<f32> {
    let mut output = vec![f32::NAN; len];
    let weights = weights.map(|folded| pack(&task, folded));
    execute(task, weights.as_ref(), x, other, &mut Scratch::default(), &mut output);
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
            let sizes = Pool {
                in_h: input.h,
                in_w: input.w,
                out_h: to.h,
                out_w: to.w,
                kernel_size: pool.kernel_size,
                stride: pool.stride,
                padding: pool.padding,
            };
            cardinal_cpu::max_pool(sizes, &x[..input.len()], &mut output[..to.len()]);
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
    let Nchw { n, h: in_h, w: in_w, .. } = input;
    let (out_h, out_w) = (output.h, output.w);
    let (in_channels, out_channels, stride) = (spec.in_channels, spec.out_channels, spec.stride);
    if spec.kernel_size == 1 && spec.padding == 0 && spec.groups == 1 && stride == 1 {
        return Sizes::Pointwise(Pointwise { n, in_channels, out_channels, pixels: in_h * in_w });
    }
    Sizes::Window(Window {
        n,
        groups: spec.groups,
        in_channels,
        out_channels,
        in_h,
        in_w,
        out_h,
        out_w,
        kernel_size: spec.kernel_size,
        stride,
        padding: spec.padding,
    })
}
