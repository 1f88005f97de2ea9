//! The operations other than convolutions: elementwise ones, concatenation, pools, linear layers, softmax.

use cardinal::gpu::Gpu;
use cardinal::kernels::{
    ConvKernel, batch_norm_relu, class_activation, concat_channels, conv2d_pointwise, global_avg_pool, max_pool,
    residual_add, softmax,
};
use cardinal::plan::{GpuDtype, Task};
use cardinal::reference;
use cardinal::shape::{Nchw, PoolSpec};

use super::{Outcome, check, conv};
use crate::common::compare::compare;
use crate::common::{bytes, rounded, values};

pub async fn elementwise_kernels(gpu: &Gpu) -> Vec<Outcome> {
    let mut outcomes = Vec::new();
    for shape in [Nchw::new(2, 5, 3, 7), Nchw::new(1, 1, 1, 1), Nchw::new(3, 64, 9, 5)] {
        let what = shape.to_string();
        let (x, y) = (values("x", shape.len()), values("y", shape.len()));
        let (scale, shift) = (values("scale", shape.c), values("shift", shape.c));
        for relu in [false, true] {
            let expected = reference::batch_norm_relu(&x, shape, &scale, &shift, relu);
            let dispatch = batch_norm_relu::dispatch(shape, relu).unwrap();
            outcomes.push(check(gpu, &what, dispatch, &[bytes(&x), bytes(&scale), bytes(&shift)], &expected).await);
            let expected = reference::residual_add(&x, &y, relu);
            let dispatch = residual_add::dispatch(shape, relu).unwrap();
            outcomes.push(check(gpu, &what, dispatch, &[bytes(&x), bytes(&y)], &expected).await);
        }
    }
    outcomes
}

/// With more workgroups than one axis holds, the second axis must continue where the first ends.
pub async fn an_elementwise_kernel_over_many_elements(gpu: &Gpu) -> Vec<Outcome> {
    let shape = Nchw::new(1, 3, 1201, 1203);
    let (x, y) = (values("x", shape.len()), values("y", shape.len()));
    let dispatch = residual_add::dispatch(shape, false).unwrap();
    assert!(dispatch.workgroup_count[1] > 1);
    let expected = reference::residual_add(&x, &y, false);
    vec![check(gpu, "large", dispatch, &[bytes(&x), bytes(&y)], &expected).await]
}

pub async fn concatenation(gpu: &Gpu) -> Vec<Outcome> {
    let shapes = [Nchw::new(2, 3, 4, 5), Nchw::new(2, 1, 4, 5), Nchw::new(2, 6, 4, 5)];
    let output = Nchw::new(2, 10, 4, 5);
    let inputs: Vec<Vec<f32>> =
        shapes.iter().enumerate().map(|(i, shape)| values(&format!("x{i}"), shape.len())).collect();
    let pairs: Vec<(&[f32], Nchw)> = inputs.iter().map(Vec::as_slice).zip(shapes).collect();
    let expected = reference::concat_channels(&pairs);
    let (mut outcomes, mut first_channel) = (Vec::new(), 0);
    for (x, shape) in pairs {
        let dispatch = concat_channels::dispatch(shape, output, first_channel).unwrap();
        let kernel = dispatch.kernel.name();
        let actual = gpu.run_once(&dispatch, &[bytes(x)], output.len()).await.unwrap();
        let is_own = |at: usize| (first_channel..first_channel + shape.c).contains(&(at / 20 % 10));
        let own = |at: &usize| is_own(*at);
        let (got, wanted): (Vec<f32>, Vec<f64>) =
            (0..expected.len()).filter(own).map(|at| (actual[at], expected[at])).unzip();
        // It writes its own channels and no others.
        let result = match (0..expected.len()).find(|&at| !is_own(at) && !actual[at].is_nan()) {
            Some(at) => Err(format!("{kernel}: wrote {} at {at}, outside of its channels", actual[at])),
            None => compare(&kernel, &got, &wanted, 0.0),
        };
        outcomes.push(Outcome { kernel, result });
        first_channel += shape.c;
    }
    outcomes
}

pub async fn pooling(gpu: &Gpu) -> Vec<Outcome> {
    let mut outcomes = Vec::new();
    for (kernel_size, stride, padding, shape) in
        [(3, 2, 1, Nchw::new(2, 3, 7, 10)), (2, 2, 0, Nchw::new(1, 5, 6, 9)), (3, 1, 1, Nchw::new(1, 1, 1, 4))]
    {
        let pool = PoolSpec { kernel_size, stride, padding };
        let output = pool.output_shape(shape).unwrap();
        // All inputs are negative: padding that counted as zero would be the maximum.
        let x: Vec<f32> = values("x", shape.len()).iter().map(|x| x - 9.0).collect();
        let expected = reference::max_pool(&x, shape, output, pool);
        let dispatch = max_pool::dispatch(pool, shape, output).unwrap();
        outcomes.push(check(gpu, &shape.to_string(), dispatch, &[bytes(&x)], &expected).await);
    }
    for shape in [Nchw::new(2, 3, 7, 5), Nchw::new(1, 70, 1, 1)] {
        let x = values("x", shape.len());
        let expected = reference::global_avg_pool(&x, shape);
        let dispatch = global_avg_pool::dispatch(shape).unwrap();
        outcomes.push(check(gpu, &shape.to_string(), dispatch, &[bytes(&x)], &expected).await);
    }
    outcomes
}

pub async fn class_activation_maps(gpu: &Gpu) -> Vec<Outcome> {
    let mut outcomes = Vec::new();
    // Fewer channels than threads, as many, and more.
    for (shape, classes) in [
        (Nchw::new(2, 5, 3, 4), 3),
        (Nchw::new(1, 64, 2, 2), 1),
        (Nchw::new(3, 131, 7, 5), 2),
        (Nchw::new(1, 1, 1, 1), 1),
    ] {
        let (x, weight) = (values("x", shape.len()), values("weight", classes * shape.c));
        let expected = reference::class_activation(&x, shape, &weight);
        let dispatch = class_activation::dispatch(shape, classes).unwrap();
        outcomes.push(check(gpu, &shape.to_string(), dispatch, &[bytes(&x), bytes(&weight)], &expected).await);
    }
    outcomes
}

pub async fn linear_and_softmax(gpu: &Gpu) -> Vec<Outcome> {
    let mut outcomes = Vec::new();
    // The numbers of outputs are odd, so that in f16 a row begins in the middle of a word.
    for (n, in_features, out_features) in [(3, 10, 7), (1, 1, 1), (2, 130, 65), (1, 7, 7), (2, 33, 1000)] {
        let (x, weight) = (values("x", n * in_features), values("weight", in_features * out_features));
        let bias = values("bias", out_features);
        for dtype in [GpuDtype::F32, GpuDtype::F16] {
            let expected = reference::linear(&x, &rounded(&weight, dtype), &bias, in_features);
            let kernel = ConvKernel::Pointwise(conv2d_pointwise::Tile::LINEAR);
            let spec = conv(in_features, out_features, 1, 1, 0, 1);
            let packed = dtype.encode(kernel.pack(spec, &weight)).unwrap();
            let task = Task::Linear { n, in_features, out_features, weight_dtype: dtype };
            let dispatch = task.dispatch().unwrap();
            let inputs = [bytes(&x), packed.bytes(), bytes(&bias), bytes(&bias)];
            let what = format!("{n}×{in_features} to {out_features}");
            outcomes.push(check(gpu, &what, dispatch, &inputs, &expected).await);
        }
    }
    // There are fewer classes than threads, as many, and more; the logits are far from zero.
    for (n, classes) in [(3, 1), (2, 10), (1, 64), (2, 1000)] {
        let x: Vec<f32> = values("x", n * classes).iter().map(|x| 40.0 * x + 300.0).collect();
        let expected = reference::softmax(&x, classes);
        let dispatch = softmax::dispatch(n, classes).unwrap();
        outcomes.push(check(gpu, "softmax", dispatch, &[bytes(&x)], &expected).await);
    }
    // Of one class: the sigmoid, which overflows on neither side.
    let x = [-1.2026, 0.0, 3.5, -200.0, 200.0];
    let dispatch = softmax::dispatch(5, 1).unwrap();
    outcomes.push(check(gpu, "sigmoid", dispatch, &[bytes(&x)], &reference::softmax(&x, 1)).await);
    outcomes
}
