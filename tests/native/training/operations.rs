//! Every operation of the CPU engine against its twin, at sizes that all differ.

use crate::common::compare::{Deviation, compare, demand};
use crate::common::train_reference::{compute, pools};
use crate::common::unit::TOLERANCE;
use crate::common::values;
use cardinal::cpu::{Instructions, train_once, train_with};
use cardinal::plan::{Hyperparameters, TrainingTask};
use cardinal::shape::{Conv2dSpec, Nchw};

const BN_EPS: f64 = 1e-3;
const LABELS: [u32; 3] = [4, 0, 6];

/// Runs `task` and its twin; what is changed in place begins with the values of `in_place`, all else with NaN.
fn check(
    task: TrainingTask,
    settings: &Hyperparameters,
    reads: &[&[f32]],
    in_place: &[f32],
) -> Result<Deviation, String> {
    let expected = compute(task, settings, BN_EPS, &LABELS, reads, in_place);
    let mut written = if in_place.is_empty() { vec![f32::NAN; expected.len()] } else { in_place.to_vec() };
    train_once(task, settings, BN_EPS, &LABELS, reads, &mut written);
    compare(&format!("{task:?} {settings:?}"), &written, &expected, TOLERANCE)
}

/// As `plain`, with each instruction set of this processor.
fn with_each_instruction_set(task: TrainingTask, reads: &[&[f32]]) -> Vec<Result<Deviation, String>> {
    let settings = Hyperparameters::default();
    let expected = compute(task, &settings, BN_EPS, &LABELS, reads, &[]);
    let check = |instructions: Instructions| {
        let mut written = vec![f32::NAN; expected.len()];
        train_with(instructions, task, &settings, BN_EPS, &LABELS, reads, &mut written);
        compare(&format!("{task:?}, {}", instructions.name()), &written, &expected, TOLERANCE)
    };
    Instructions::all().into_iter().map(check).collect()
}

fn plain(task: TrainingTask, reads: &[&[f32]]) -> Result<Deviation, String> {
    check(task, &Hyperparameters::default(), reads, &[])
}

#[test]
fn convolutions_of_every_kind() {
    let mut cases = Vec::new();
    for groups in [1, 2, 4, 7, 14, 28] {
        for stride in [1, 2] {
            cases.push(([28, 28, 3, stride, 1, groups], Nchw::new(2, 28, 5, 9)));
        }
    }
    cases.extend([
        // Pointwise, with and without a stride that divides the size.
        ([13, 70, 1, 1, 0, 1], Nchw::new(2, 13, 5, 7)),
        ([24, 9, 1, 2, 0, 1], Nchw::new(3, 24, 7, 6)),
        ([1, 1, 1, 1, 0, 1], Nchw::new(1, 1, 1, 1)),
        ([7, 8, 1, 2, 0, 1], Nchw::new(2, 7, 1, 33)),
        ([5, 3, 1, 3, 0, 1], Nchw::new(2, 5, 10, 7)),
        // More pixels than a block of sums.
        ([4, 6, 1, 1, 0, 1], Nchw::new(2, 4, 19, 23)),
        ([4, 6, 3, 1, 1, 2], Nchw::new(2, 4, 29, 17)),
        // The stem, other channels than groups, rows and columns that no window reaches.
        ([3, 10, 7, 2, 3, 1], Nchw::new(2, 3, 13, 18)),
        ([6, 10, 3, 1, 1, 2], Nchw::new(1, 6, 4, 17)),
        ([10, 6, 3, 2, 1, 2], Nchw::new(2, 10, 9, 34)),
        ([12, 12, 3, 1, 1, 3], Nchw::new(1, 12, 1, 1)),
        ([5, 5, 3, 2, 1, 5], Nchw::new(2, 5, 1, 13)),
        ([4, 4, 5, 3, 0, 2], Nchw::new(1, 4, 12, 9)),
        ([4, 4, 2, 3, 1, 1], Nchw::new(1, 4, 7, 5)),
    ]);
    let mut outcomes = Vec::new();
    for ([in_channels, out_channels, kernel_size, stride, padding, groups], input) in cases {
        let spec = Conv2dSpec { in_channels, out_channels, kernel_size, stride, padding, groups };
        let output = spec.checked().unwrap().output_shape(input).unwrap();
        let (grad, weight) = (values("grad", output.len()), values("weight", spec.weight_len()));
        let (x, known) = (values("x", input.len()), values("known", input.len()));
        let weights = TrainingTask::Conv2dGradWeight { spec, input, output };
        outcomes.extend(with_each_instruction_set(weights, &[&grad, &x]));
        let task = |residual| TrainingTask::Conv2dGradInput { spec, input, output, residual };
        outcomes.extend(with_each_instruction_set(task(false), &[&grad, &weight]));
        outcomes.extend(with_each_instruction_set(task(true), &[&grad, &weight, &known]));
        outcomes.push(plain(TrainingTask::Conv2dGradBias { shape: output }, &[&grad]));
    }
    demand(outcomes);
}

#[test]
fn batch_norm() {
    let mut outcomes = Vec::new();
    // One value of a plane, fewer than a vector's, and more; a mean far from zero.
    for (shape, shift) in [((2, 3, 1, 1), 0.0), ((3, 5, 7, 9), 100.0), ((1, 4, 2, 3), -3.0), ((4, 2, 13, 5), 0.5)] {
        let shape = Nchw::new(shape.0, shape.1, shape.2, shape.3);
        let x: Vec<f32> = values("x", shape.len()).iter().map(|x| x + shift).collect();
        let (grad, parameters) = (values("grad", shape.len()), values("parameters", 2 * shape.c));
        let wide = cardinal::reference::batch_norm_statistics(&x, shape);
        let statistics: Vec<f32> = wide.iter().map(|&value| value as f32).collect();
        outcomes.push(plain(TrainingTask::BatchNormStatistics { shape }, &[&x]));
        let running = values("running", 2 * shape.c);
        let task = TrainingTask::BatchNormRunning { shape };
        outcomes.push(check(task, &Hyperparameters::default(), &[&statistics], &running));
        for relu in [false, true] {
            let train = TrainingTask::BatchNormTrain { shape, relu };
            let output = compute(train, &Hyperparameters::default(), BN_EPS, &[], &[&x, &statistics, &parameters], &[]);
            let output: Vec<f32> = output.iter().map(|&value| value as f32).collect();
            outcomes.push(plain(train, &[&x, &statistics, &parameters]));
            let task = TrainingTask::BatchNormGradWeight { shape, relu };
            let reads = [&x[..], &statistics, &grad, &output];
            outcomes.push(plain(task, &reads[..3 + usize::from(relu)]));
            let sums = values("sums", 2 * shape.c);
            let reads = [&x[..], &statistics, &grad, &parameters, &sums, &output];
            outcomes.push(plain(TrainingTask::BatchNormGradInput { shape, relu }, &reads[..5 + usize::from(relu)]));
        }
    }
    demand(outcomes);
}

#[test]
fn pools_and_sums() {
    let mut outcomes = Vec::new();
    let (pools, input, x) = pools();
    for pool in pools {
        let output = pool.output_shape(input).unwrap();
        let grad = values("grad", output.len());
        outcomes.push(plain(TrainingTask::MaxPoolGradInput { pool, input, output }, &[&x, &grad]));
    }
    let grad = values("grad", input.len());
    outcomes.push(plain(TrainingTask::GlobalAvgPoolGradInput { input }, &[&grad[..6]]));
    // Of an output that is 0 nothing passes.
    let output: Vec<f32> = x.iter().map(|&x| x.max(0.0)).collect();
    outcomes.push(plain(TrainingTask::ResidualAddGradInput { shape: input }, &[&output, &grad]));
    demand(outcomes);
}

#[test]
fn linear_and_loss() {
    let mut outcomes = Vec::new();
    for (n, in_features, out_features) in [(3, 10, 7), (1, 1, 1), (2, 130, 65), (37, 5, 3)] {
        let (grad, x) = (values("grad", n * out_features), values("x", n * in_features));
        let weight = values("weight", in_features * out_features);
        outcomes.push(plain(TrainingTask::LinearGradInput { n, in_features, out_features }, &[&grad, &weight]));
        outcomes.push(plain(TrainingTask::LinearGradWeight { n, in_features, out_features }, &[&grad, &x]));
    }
    // Logits far from zero, at which an exponential without a shift overflows.
    let (n, classes) = (LABELS.len(), 7);
    let logits: Vec<f32> = values("logits", n * classes).iter().map(|x| 30.0 * x + 200.0).collect();
    for logits in [&values("small", n * classes), &logits] {
        for label_smoothing in [0.0, 0.1] {
            let settings = Hyperparameters { label_smoothing, ..Hyperparameters::default() };
            for task in [TrainingTask::CrossEntropy { n, classes }, TrainingTask::CrossEntropyGradInput { n, classes }]
            {
                outcomes.push(check(task, &settings, &[logits], &[]));
            }
        }
    }
    demand(outcomes);
}

#[test]
fn gradient_descent() {
    let (grad, parameter, velocity) = (values("grad", 37), values("parameter", 37), values("velocity", 37));
    let mut outcomes = Vec::new();
    for momentum in [0.0, 0.9] {
        for nesterov in [false, true] {
            for (weight_decay, decay_weights_only) in [(0.0, false), (0.05, false), (0.05, true)] {
                for is_weight in [false, true] {
                    let settings = Hyperparameters {
                        lr: 0.3,
                        momentum,
                        nesterov,
                        weight_decay,
                        decay_weights_only,
                        label_smoothing: 0.0,
                    };
                    let task = TrainingTask::SgdVelocity { len: 37, is_weight };
                    outcomes.push(check(task, &settings, &[&grad, &parameter], &velocity));
                    let task = TrainingTask::Sgd { len: 37, is_weight };
                    outcomes.push(check(task, &settings, &[&grad, &velocity], &parameter));
                }
            }
        }
    }
    demand(outcomes);
}
