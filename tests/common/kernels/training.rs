//! The kernels of a training step, at sizes that all differ, against the twins.

use cardinal::gpu::Gpu;
use cardinal::kernels::{
    ConvKernel, Dispatch, GpuDtype, Tuning, batch_norm_grad_input, batch_norm_grad_weight, batch_norm_running,
    batch_norm_statistics, batch_norm_train, conv2d_grad_bias, conv2d_grad_input, conv2d_grad_weight, conv2d_pack,
    conv2d_scatter, cross_entropy, cross_entropy_grad_input, global_avg_pool_grad_input, max_pool_grad_input,
    residual_add_grad_input, sgd, sgd_velocity,
};
use cardinal::reference::{self, ConvGrad};
use cardinal::shape::Nchw;

use super::{Outcome, check, conv};
use crate::common::compare::compare;
use crate::common::train_reference::pools;
use crate::common::unit::TOLERANCE;
use crate::common::{bytes, values};

const EPS: f64 = 1e-3;

fn narrow(values: &[f64]) -> Vec<f32> {
    values.iter().map(|&value| value as f32).collect()
}

/// As [`check`], for a kernel that changes what it writes.
async fn check_in_place(gpu: &Gpu, dispatch: Dispatch, inputs: &[&[u8]], before: &[f32], expected: &[f64]) -> Outcome {
    let kernel = dispatch.kernel.name();
    let result = match gpu.run_in_place(&dispatch, inputs, before).await {
        Ok(actual) => compare(&kernel, &actual, expected, TOLERANCE),
        Err(error) => Err(format!("{kernel}: {error}")),
    };
    Outcome { kernel, result }
}

pub async fn batch_norm(gpu: &Gpu) -> Vec<Outcome> {
    let mut outcomes = Vec::new();
    // One value per plane, fewer values than threads, and more; a mean far from zero.
    for (shape, shift) in [((2, 3, 1, 1), 0.0), ((3, 5, 7, 9), 100.0), ((1, 4, 2, 3), -3.0), ((4, 2, 13, 15), 0.5)] {
        let shape = Nchw::new(shape.0, shape.1, shape.2, shape.3);
        let what = shape.to_string();
        let x: Vec<f32> = values("x", shape.len()).iter().map(|x| x + shift).collect();
        let (grad, parameters) = (values("grad", shape.len()), values("parameters", 2 * shape.c));
        let expected = reference::batch_norm_statistics(&x, shape);
        let statistics = narrow(&expected);
        let dispatch = batch_norm_statistics::dispatch(shape).unwrap();
        outcomes.push(check(gpu, &what, dispatch, &[bytes(&x)], &expected).await);
        let running = values("running", 2 * shape.c);
        let expected = reference::batch_norm_running(&running, &statistics, shape.n * shape.h * shape.w);
        let dispatch = batch_norm_running::dispatch(shape).unwrap();
        outcomes.push(check_in_place(gpu, dispatch, &[bytes(&statistics)], &running, &expected).await);
        for relu in [false, true] {
            let expected = reference::batch_norm_train(&x, shape, &statistics, &parameters, EPS, relu);
            let output = narrow(&expected);
            let inputs = [bytes(&x), bytes(&statistics), bytes(&parameters)];
            let dispatch = batch_norm_train::dispatch(shape, relu, EPS).unwrap();
            outcomes.push(check(gpu, &what, dispatch, &inputs, &expected).await);
            let mask = relu.then_some(&output[..]);
            let expected = reference::batch_norm_grad_weight(&x, shape, &statistics, &grad, mask, EPS);
            let inputs = [bytes(&x), bytes(&statistics), bytes(&grad), bytes(&output)];
            let dispatch = batch_norm_grad_weight::dispatch(shape, relu, EPS).unwrap();
            outcomes.push(check(gpu, &what, dispatch, &inputs, &expected).await);
            let sums = values("sums", 2 * shape.c);
            let of = (&x[..], shape);
            let expected = reference::batch_norm_grad_input(of, &statistics, &parameters, &sums, &grad, mask, EPS);
            let inputs = [&x, &statistics, &grad, &parameters, &sums, &output].map(|values| bytes(values));
            let dispatch = batch_norm_grad_input::dispatch(shape, relu, EPS).unwrap();
            outcomes.push(check(gpu, &what, dispatch, &inputs, &expected).await);
        }
    }
    outcomes
}

pub async fn gradients_of_convolutions(gpu: &Gpu) -> Vec<Outcome> {
    let mut cases = Vec::new();
    for groups in [1, 2, 4, 7, 14, 28] {
        for stride in [1, 2] {
            cases.push((conv(28, 28, 3, stride, 1, groups), Nchw::new(2, 28, 5, 9)));
        }
    }
    cases.extend([
        (conv(13, 70, 1, 1, 0, 1), Nchw::new(2, 13, 5, 7)),
        // Wider than a large tile.
        (conv(35, 21, 1, 1, 0, 1), Nchw::new(3, 35, 9, 11)),
        (conv(19, 37, 1, 2, 0, 1), Nchw::new(2, 19, 9, 14)),
        (conv(24, 9, 1, 2, 0, 1), Nchw::new(3, 24, 7, 6)),
        (conv(1, 1, 1, 1, 0, 1), Nchw::new(1, 1, 1, 1)),
        (conv(5, 3, 1, 3, 0, 1), Nchw::new(2, 5, 10, 7)),
        // More pixels than the threads' blocks.
        (conv(2, 3, 3, 1, 1, 1), Nchw::new(3, 2, 41, 53)),
        // The stem, other channels than groups, rows and columns that no window reaches.
        (conv(3, 10, 7, 2, 3, 1), Nchw::new(2, 3, 13, 18)),
        (conv(6, 10, 3, 1, 1, 2), Nchw::new(1, 6, 4, 17)),
        (conv(10, 6, 3, 2, 1, 2), Nchw::new(2, 10, 9, 34)),
        (conv(5, 5, 3, 2, 1, 5), Nchw::new(2, 5, 1, 13)),
        (conv(4, 4, 5, 3, 0, 2), Nchw::new(1, 4, 12, 9)),
        (conv(4, 4, 2, 3, 1, 1), Nchw::new(1, 4, 7, 5)),
        // A linear layer.
        (conv(33, 10, 1, 1, 0, 1), Nchw::new(5, 33, 1, 1)),
    ]);
    let mut outcomes = Vec::new();
    for (spec, input) in cases {
        let output = spec.checked().unwrap().output_shape(input).unwrap();
        let what = format!("{spec:?} on {input}");
        let (grad, weight) = (values("grad", output.len()), values("weight", spec.weight_len()));
        let (x, known) = (values("x", input.len()), values("known", input.len()));
        let twin = ConvGrad { spec, input_shape: input, output_shape: output, grad: &grad };
        let expected = reference::conv2d_grad_weight(&twin, &x);
        for tile in conv2d_grad_weight::Tile::ALL.into_iter().filter(|tile| tile.supports(spec)) {
            let dispatch = conv2d_grad_weight::dispatch(spec, input, output, tile).unwrap();
            outcomes.push(check(gpu, &what, dispatch, &[bytes(&grad), bytes(&x)], &expected).await);
        }
        for residual in [false, true] {
            let expected = reference::conv2d_grad_input(&twin, &weight, residual.then_some(&known[..]));
            let dispatch = conv2d_grad_input::dispatch(spec, input, output, residual).unwrap();
            let inputs = [bytes(&grad), bytes(&weight), bytes(&known)];
            outcomes.push(check(gpu, &what, dispatch, &inputs, &expected).await);
        }
        let dispatch = conv2d_grad_bias::dispatch(output).unwrap();
        outcomes.push(check(gpu, &what, dispatch, &[bytes(&grad)], &reference::conv2d_grad_bias(&grad, output)).await);
    }
    outcomes
}

/// The gradients of a 1×1 convolution with a stride, put into places; rows and columns that it did not see at the end.
pub async fn gradients_in_their_places(gpu: &Gpu) -> Vec<Outcome> {
    let mut outcomes = Vec::new();
    for (to, stride) in [((3, 5, 7, 6), 2), ((2, 3, 10, 7), 3), ((1, 2, 4, 9), 1), ((1, 1, 1, 2), 4)] {
        let to = Nchw::new(to.0, to.1, to.2, to.3);
        let from = conv(to.c, to.c, 1, stride, 0, 1).output_shape(to).unwrap();
        let (grad, known) = (values("grad", from.len()), values("known", to.len()));
        for residual in [false, true] {
            let expected = reference::conv2d_scatter(&grad, from, to, stride, residual.then_some(&known[..]));
            let dispatch = conv2d_scatter::dispatch(from, to, stride, residual).unwrap();
            let what = format!("{from} to {to}");
            outcomes.push(check(gpu, &what, dispatch, &[bytes(&grad), bytes(&known)], &expected).await);
        }
    }
    outcomes
}

/// Weights packed on the GPU are those packed on the processor, for every kernel and turned too.
pub async fn packed_weights(gpu: &Gpu) -> Vec<Outcome> {
    let mut outcomes = Vec::new();
    for (spec, input) in [
        (conv(28, 28, 3, 1, 1, 4), Nchw::new(2, 28, 15, 19)),
        (conv(6, 10, 3, 1, 1, 2), Nchw::new(1, 6, 4, 17)),
        (conv(13, 70, 1, 1, 0, 1), Nchw::new(2, 13, 5, 7)),
        (conv(3, 10, 7, 1, 3, 1), Nchw::new(2, 3, 13, 18)),
        (conv(5, 5, 3, 1, 1, 5), Nchw::new(2, 5, 9, 13)),
        (conv(4, 6, 5, 1, 1, 2), Nchw::new(1, 4, 12, 9)),
    ] {
        let weight = values("weight", spec.weight_len());
        let turned: Vec<f32> = narrow(&reference::conv2d_pack(spec, &weight));
        let back = spec.turned().unwrap();
        let output = spec.output_shape(input).unwrap();
        for (own, from, to, expected, is_turned) in
            [(spec, input, output, &weight, false), (back, output, input, &turned, true)]
        {
            let kernel = ConvKernel::of(own, from, to, GpuDtype::F32, &Tuning::default());
            let expected: Vec<f64> = kernel.pack(own, expected).into_iter().map(f64::from).collect();
            let dispatch = conv2d_pack::dispatch(own, kernel, is_turned).unwrap();
            outcomes.push(check(gpu, &format!("{own:?}"), dispatch, &[bytes(&weight)], &expected).await);
        }
    }
    outcomes
}

pub async fn pools_and_sums(gpu: &Gpu) -> Vec<Outcome> {
    let mut outcomes = Vec::new();
    let (pools, input, x) = pools();
    for pool in pools {
        let output = pool.output_shape(input).unwrap();
        let grad = values("grad", output.len());
        let expected = reference::max_pool_grad_input(&x, input, &grad, output, pool);
        let dispatch = max_pool_grad_input::dispatch(pool, input, output).unwrap();
        outcomes.push(check(gpu, &format!("{pool:?}"), dispatch, &[bytes(&x), bytes(&grad)], &expected).await);
    }
    let grad = values("grad", input.len());
    let expected = reference::global_avg_pool_grad_input(&grad[..6], input);
    let dispatch = global_avg_pool_grad_input::dispatch(input).unwrap();
    outcomes.push(check(gpu, "average", dispatch, &[bytes(&grad[..6])], &expected).await);
    // Of an output that is 0 nothing passes.
    let output: Vec<f32> = x.iter().map(|&x| x.max(0.0)).collect();
    let expected = reference::residual_add_grad_input(&output, &grad);
    let dispatch = residual_add_grad_input::dispatch(input).unwrap();
    outcomes.push(check(gpu, "sum", dispatch, &[bytes(&output), bytes(&grad)], &expected).await);
    outcomes
}

pub async fn loss(gpu: &Gpu) -> Vec<Outcome> {
    let mut outcomes = Vec::new();
    for (n, classes) in [(3, 7), (70, 10), (2, 1000)] {
        let labels: Vec<u32> = (0..n).map(|at| (at * 5 % classes) as u32).collect();
        // Logits far from zero, at which an exponential without a shift overflows.
        let far: Vec<f32> = values("logits", n * classes).iter().map(|x| 30.0 * x + 200.0).collect();
        for logits in [&values("small", n * classes), &far] {
            for smoothing in [0.0, 0.125] {
                let what = format!("{n} {classes} {smoothing}");
                let inputs = [bytes(logits), bytemuck::cast_slice(&labels)];
                let expected = reference::cross_entropy(logits, &labels, classes, smoothing.into());
                let dispatch = cross_entropy::dispatch(n, classes, smoothing).unwrap();
                outcomes.push(check(gpu, &what, dispatch, &inputs, &expected).await);
                let expected = reference::cross_entropy_grad_input(logits, &labels, classes, smoothing.into());
                let dispatch = cross_entropy_grad_input::dispatch(n, classes, smoothing).unwrap();
                outcomes.push(check(gpu, &what, dispatch, &inputs, &expected).await);
            }
        }
    }
    outcomes
}

pub async fn gradient_descent(gpu: &Gpu) -> Vec<Outcome> {
    let mut outcomes = Vec::new();
    let (grad, parameter, velocity) = (values("grad", 77), values("parameter", 77), values("velocity", 77));
    for momentum in [0.0, 0.875] {
        for nesterov in [false, true] {
            for weight_decay in [0.0, 0.0625] {
                let lr = 0.25;
                let launch = sgd::SgdLaunch { elements: 77, lr, momentum, nesterov, weight_decay };
                let twin = reference::Sgd {
                    lr: lr.into(),
                    momentum: momentum.into(),
                    nesterov,
                    weight_decay: weight_decay.into(),
                };
                let expected = reference::sgd_velocity(&velocity, &grad, &parameter, twin);
                let dispatch = sgd_velocity::dispatch(launch).unwrap();
                let inputs = [bytes(&grad), bytes(&parameter)];
                outcomes.push(check_in_place(gpu, dispatch, &inputs, &velocity, &expected).await);
                let expected = reference::sgd(&parameter, &velocity, &grad, twin);
                let dispatch = sgd::dispatch(launch).unwrap();
                let inputs = [bytes(&grad), bytes(&velocity)];
                outcomes.push(check_in_place(gpu, dispatch, &inputs, &parameter, &expected).await);
            }
        }
    }
    outcomes
}
