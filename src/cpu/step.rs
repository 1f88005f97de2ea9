//! The operation of a step, handed to the arithmetic.

use cardinal_cpu::{Epilogue, Instructions, Operation, Packed, Scratch};

use crate::plan::operation::{convolution, pooling};
use crate::plan::{Folded, Task};
use crate::shape::Nchw;

/// Packs the weights of the step that reads them.
pub(super) fn pack(instructions: Instructions, task: Task, Folded { weight, bias }: Folded) -> Packed {
    let operation = match task {
        Task::Convolution(launch, _) => convolution(launch),
        // All others read theirs as they are, as this one does.
        _ => Operation::Linear,
    };
    operation.pack(instructions, weight, bias)
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
    let weights = weights.map(|folded| pack(instructions, task, folded));
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
    if let Some(Work { operation, relu, reads, writes }) = Work::of(task) {
        let epilogue = Epilogue { residual: other.map(|other| &other[..writes]), relu };
        operation.run(weights, &x[..reads], epilogue, scratch, &mut output[..writes]);
    } else if let Task::Concat { input, output: whole, first_channel } = task {
        concat(input, whole, first_channel, x, output);
    }
}

/// What the arithmetic does for a task.
struct Work {
    operation: Operation,
    relu: bool,
    /// Elements of the input.
    reads: usize,
    /// Elements of the output.
    writes: usize,
}

impl Work {
    /// Nothing for a concatenation, which only copies.
    fn of(task: Task) -> Option<Self> {
        let (operation, relu, [reads, writes]) = match task {
            Task::Convolution(launch, _) => {
                (convolution(launch), launch.epilogue.relu, [launch.input.len(), launch.output.len()])
            }
            Task::Linear { n, in_features, out_features, .. } => {
                (Operation::Linear, false, [n * in_features, n * out_features])
            }
            Task::BatchNorm { shape, relu } => {
                (Operation::BatchNorm { plane: shape.h * shape.w }, relu, [shape.len(); 2])
            }
            Task::Add { shape, relu } => (Operation::Add, relu, [shape.len(); 2]),
            Task::MaxPool { pool, input, output } => {
                (Operation::MaxPool(pooling(pool, input, output)), false, [input.len(), output.len()])
            }
            Task::GlobalAvgPool { input } => {
                (Operation::Means { plane: input.h * input.w }, false, [input.len(), input.n * input.c])
            }
            Task::Softmax { n, classes } => (Operation::Softmax { classes }, false, [n * classes; 2]),
            Task::Concat { .. } => return None,
        };
        Some(Self { operation, relu, reads, writes })
    }
}

fn concat(input: Nchw, whole: Nchw, first_channel: usize, x: &[f32], output: &mut [f32]) {
    let (part, all, start) = (input.len() / input.n, whole.len() / whole.n, first_channel * whole.h * whole.w);
    for (x, output) in x[..input.len()].chunks_exact(part).zip(output.chunks_exact_mut(all)) {
        output[start..start + part].copy_from_slice(x);
    }
}
