//! The operation of a training step, handed to the arithmetic.

use cardinal_cpu::{BatchNorm, BatchNormGrad, Instructions, Scratch, Sgd};

use crate::cpu::step::{execute as forward, pack};
use crate::plan::operation::{pooling, sliding};
use crate::plan::{Folded, Hyperparameters, Task, TrainingTask};
use crate::shape::Nchw;

/// What a step depends on besides its task and its buffers.
pub(super) struct Context<'a> {
    pub labels: &'a [u32],
    pub settings: &'a Hyperparameters,
    pub bn_eps: f64,
    pub scratch: &'a mut Scratch,
}

/// One operation by itself, on values given: what tests need. `output` has the length of what is written, filled with NaN before,
/// or the values that are changed in place.
pub fn train_once(
    task: TrainingTask,
    settings: &Hyperparameters,
    bn_eps: f64,
    labels: &[u32],
    reads: &[&[f32]],
    output: &mut [f32],
) {
    train_with(Instructions::widest(), task, settings, bn_eps, labels, reads, output);
}

/// [`train_once`], where it is a convolution or a gradient of one with an instruction set of this processor.
pub fn train_with(
    instructions: Instructions,
    task: TrainingTask,
    settings: &Hyperparameters,
    bn_eps: f64,
    labels: &[u32],
    reads: &[&[f32]],
    output: &mut [f32],
) {
    let scratch = &mut Scratch::with(instructions);
    execute(task, &mut Context { labels, settings, bn_eps, scratch }, reads, output);
}

/// An operation. Buffers are those of the step, in its order; slots may be longer than what is in them.
pub(super) fn execute(task: TrainingTask, context: &mut Context<'_>, reads: &[&[f32]], y: &mut [f32]) {
    let (settings, labels) = (context.settings, context.labels);
    let norm = |shape: Nchw| BatchNorm { n: shape.n, c: shape.c, plane: shape.h * shape.w, eps: context.bn_eps };
    let norm_grad = |shape, relu| {
        let (input, statistics, grad) = (reads[0], reads[1], reads[2]);
        BatchNormGrad { sizes: norm(shape), input, statistics, grad, relu }
    };
    let scratch = &mut *context.scratch;
    match task {
        TrainingTask::Forward(task) => inference(task, scratch, reads, y),
        TrainingTask::BatchNormStatistics { shape } => cardinal_cpu::statistics(norm(shape), reads[0], y),
        TrainingTask::BatchNormRunning { shape } => cardinal_cpu::batch_norm_running(norm(shape), reads[0], y),
        TrainingTask::BatchNormTrain { shape, relu } => {
            let [mean, variance, weight, bias] = quarters(reads[1], reads[2], shape.c);
            let (weight, bias) = crate::weights::batch_norm_affine(weight, bias, mean, variance, context.bn_eps);
            let folded = Folded { weight, bias };
            let task = Task::BatchNorm { shape, relu };
            forward(task, Some(&pack(scratch.instructions(), task, folded)), reads[0], None, scratch, y);
        }
        TrainingTask::CrossEntropy { n, classes } => {
            cardinal_cpu::cross_entropy(classes, &reads[0][..n * classes], labels, settings.label_smoothing, y);
        }
        TrainingTask::CrossEntropyGradInput { n, classes } => {
            cardinal_cpu::cross_entropy_grad(classes, &reads[0][..n * classes], labels, settings.label_smoothing, y);
        }
        TrainingTask::LinearGradInput { n, in_features, out_features } => {
            let weight = &reads[1][..in_features * out_features];
            cardinal_cpu::linear_grad_input(in_features, &reads[0][..n * out_features], weight, y);
        }
        TrainingTask::LinearGradWeight { n, in_features, out_features } => {
            let (grad, x) = (&reads[0][..n * out_features], &reads[1][..n * in_features]);
            cardinal_cpu::linear_grad_weight(in_features, grad, x, &mut y[..in_features * out_features]);
        }
        TrainingTask::GlobalAvgPoolGradInput { input } => {
            cardinal_cpu::means_grad(input.h * input.w, &reads[0][..input.n * input.c], y);
        }
        TrainingTask::MaxPoolGradInput { pool, input, output } => {
            let (x, grad) = (&reads[0][..input.len()], &reads[1][..output.len()]);
            cardinal_cpu::max_pool_grad(pooling(pool, input, output), x, grad, &mut y[..input.len()]);
        }
        TrainingTask::ResidualAddGradInput { shape } => {
            let len = shape.len();
            cardinal_cpu::positive(&reads[0][..len], &reads[1][..len], &mut y[..len]);
        }
        TrainingTask::BatchNormGradWeight { shape, relu } => {
            cardinal_cpu::batch_norm_grad_weight(&norm_grad(shape, relu.then(|| reads[3])), y);
        }
        TrainingTask::BatchNormGradInput { shape, relu } => {
            let norm = norm_grad(shape, relu.then(|| reads[5]));
            cardinal_cpu::batch_norm_grad_input(&norm, reads[3], reads[4], y);
        }
        TrainingTask::Conv2dGradInput { spec, input, output, residual } => {
            let (sizes, residual) = (sliding(spec, input, output), residual.then(|| reads[2]));
            cardinal_cpu::grad_input(sizes, &reads[1][..spec.weight_len()], reads[0], residual, scratch, y);
        }
        TrainingTask::Conv2dGradWeight { spec, input, output } => {
            let y = &mut y[..spec.weight_len()];
            cardinal_cpu::grad_weight(sliding(spec, input, output), reads[0], reads[1], scratch, y);
        }
        TrainingTask::Conv2dGradBias { shape } => {
            cardinal_cpu::channel_sums(shape.h * shape.w, &reads[0][..shape.len()], &mut y[..shape.c]);
        }
        TrainingTask::SgdVelocity { len, is_weight } => {
            cardinal_cpu::sgd_velocity(sgd(settings, is_weight), &reads[0][..len], reads[1], y);
        }
        TrainingTask::Sgd { len, is_weight } => {
            cardinal_cpu::sgd(sgd(settings, is_weight), &reads[0][..len], reads[1], y);
        }
    }
}

/// The optimiser's settings for a parameter.
fn sgd(settings: &Hyperparameters, is_weight: bool) -> Sgd {
    let Hyperparameters { lr, momentum, nesterov, .. } = *settings;
    Sgd { lr, momentum, nesterov, weight_decay: settings.decay(is_weight) }
}

/// An operation of inference, with its weights in PyTorch's order.
fn inference(task: Task, scratch: &mut Scratch, reads: &[&[f32]], y: &mut [f32]) {
    let folded = match task {
        Task::Convolution(launch, _) => Some(weights(reads, launch.spec.weight_len(), launch.spec.out_channels)),
        Task::Linear { in_features, out_features, .. } => {
            Some(weights(reads, in_features * out_features, out_features))
        }
        _ => None,
    };
    match folded {
        Some(folded) => forward(task, Some(&pack(scratch.instructions(), task, folded)), reads[0], None, scratch, y),
        None => forward(task, None, reads[0], reads.get(1).copied(), scratch, y),
    }
}

/// Weight and bias after the input; a bias of zero where there is none.
fn weights(reads: &[&[f32]], len: usize, rows: usize) -> Folded {
    let bias = reads.get(2).map_or_else(|| vec![0.0; rows], |bias| bias[..rows].to_vec());
    Folded { weight: reads[1][..len].to_vec(), bias }
}

/// Mean, variance, weight and bias.
fn quarters<'a>(statistics: &'a [f32], parameters: &'a [f32], c: usize) -> [&'a [f32]; 4] {
    [&statistics[..c], &statistics[c..2 * c], &parameters[..c], &parameters[c..2 * c]]
}
