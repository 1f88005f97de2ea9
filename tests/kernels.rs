//! Every kernel and every variant against its CPU twin, at shapes where N, C, H, W, stride and groups all differ.
#![cfg(not(target_arch = "wasm32"))]

mod common;

use cardinal::gpu::Gpu;
use cardinal::kernels::{
    ConvLaunch, Dispatch, Epilogue, batch_norm_relu, concat_channels, conv2d_direct, conv2d_grouped, conv2d_pointwise,
    global_avg_pool, linear, max_pool, residual_add, softmax,
};
use cardinal::plan::WeightDtype;
use cardinal::reference;
use cardinal::shape::{Conv2dSpec, Nchw, PoolSpec};
use common::compare::{Deviation, compare, demand};
use common::unit::TOLERANCE;
use common::{bytes, rounded, values};

type Outcome = Result<Deviation, String>;

async fn check(gpu: &Gpu, what: &str, dispatch: Dispatch, inputs: &[&[u8]], expected: &[f64]) -> Outcome {
    let what = format!("{} {what}", dispatch.kernel.name());
    match gpu.run_once(&dispatch, inputs, expected.len()).await {
        Ok(actual) => compare(&what, &actual, expected, TOLERANCE),
        Err(error) => Err(format!("{what}: {error}")),
    }
}

const fn conv(
    in_channels: usize,
    out_channels: usize,
    kernel_size: usize,
    stride: usize,
    padding: usize,
    groups: usize,
) -> Conv2dSpec {
    Conv2dSpec { in_channels, out_channels, kernel_size, stride, padding, groups }
}

type Dispatcher = fn(ConvLaunch) -> Result<Dispatch, cardinal::kernels::KernelError>;
type Packer = fn(Conv2dSpec, &[f32]) -> Vec<f32>;
type Twin = fn(&reference::Conv<'_>) -> Vec<f64>;

/// One convolution in all four epilogues, with weights of both types.
async fn convolution(gpu: &Gpu, spec: Conv2dSpec, input: Nchw, kernel: (Dispatcher, Packer, Twin)) -> Vec<Outcome> {
    let (dispatch, pack, twin) = kernel;
    let output = spec.checked().unwrap().output_shape(input).unwrap();
    let (x, weight) = (values("x", input.len()), values("weight", spec.weight_len()));
    let (bias, residual) = (values("bias", spec.out_channels), values("residual", output.len()));
    let mut outcomes = Vec::new();
    for dtype in [WeightDtype::F32, WeightDtype::F16] {
        let (packed, weight) = (dtype.encode(pack(spec, &weight)).unwrap(), rounded(&weight, dtype));
        for epilogue in [(false, false), (false, true), (true, false), (true, true)] {
            let epilogue = Epilogue { residual: epilogue.0, relu: epilogue.1 };
            let launch = ConvLaunch { spec, input, output, epilogue, weight_dtype: dtype };
            let expected = twin(&reference::Conv {
                spec,
                input: &x,
                input_shape: input,
                output_shape: output,
                weight: &weight,
                bias: &bias,
                residual: epilogue.residual.then_some(&residual),
                relu: epilogue.relu,
            });
            let residual = if epilogue.residual { &residual } else { &bias };
            let inputs = [bytes(&x), packed.bytes(), bytes(&bias), bytes(residual)];
            let what = format!("{spec:?} on {input}");
            outcomes.push(check(gpu, &what, dispatch(launch).unwrap(), &inputs, &expected).await);
        }
    }
    outcomes
}

#[test]
fn grouped_convolution() {
    pollster::block_on(async {
        let gpu = common::gpu().await;
        let kernel: (Dispatcher, Packer, Twin) =
            (conv2d_grouped::dispatch, conv2d_grouped::pack_weight, reference::conv2d_grouped);
        let mut outcomes = Vec::new();
        // 28 channels a picture: every groups count that divides them, one channel a group among them.
        for groups in [1, 2, 4, 7, 14, 28] {
            for stride in [1, 2] {
                outcomes.extend(
                    convolution(&gpu, conv(28, 28, 3, stride, 1, groups), Nchw::new(2, 28, 5, 9), kernel).await,
                );
            }
        }
        // 14 and 2 channels a group (8x14d, 32x2d), more out than in, one pixel, one row, one column, longer than a run.
        for (spec, input) in [
            (conv(112, 112, 3, 1, 1, 8), Nchw::new(1, 112, 7, 6)),
            (conv(64, 64, 3, 2, 1, 32), Nchw::new(3, 64, 6, 7)),
            (conv(6, 10, 3, 1, 1, 2), Nchw::new(1, 6, 4, 17)),
            (conv(10, 6, 3, 2, 1, 2), Nchw::new(2, 10, 9, 34)),
            (conv(12, 12, 3, 1, 1, 3), Nchw::new(1, 12, 1, 1)),
            (conv(5, 5, 3, 2, 1, 5), Nchw::new(2, 5, 1, 13)),
            (conv(3, 16, 3, 1, 1, 1), Nchw::new(1, 3, 12, 1)),
        ] {
            outcomes.extend(convolution(&gpu, spec, input, kernel).await);
        }
        demand(outcomes);
    });
}

#[test]
fn pointwise_convolution() {
    pollster::block_on(async {
        let gpu = common::gpu().await;
        let kernel: (Dispatcher, Packer, Twin) =
            (conv2d_pointwise::dispatch, conv2d_pointwise::pack_weight, reference::conv2d_pointwise);
        let mut outcomes = Vec::new();
        for (spec, input) in [
            (conv(13, 70, 1, 1, 0, 1), Nchw::new(2, 13, 5, 7)),
            (conv(24, 9, 1, 2, 0, 1), Nchw::new(3, 24, 7, 6)),
            (conv(1, 1, 1, 1, 0, 1), Nchw::new(1, 1, 1, 1)),
            (conv(64, 129, 1, 1, 0, 1), Nchw::new(1, 64, 9, 15)),
            (conv(7, 8, 1, 2, 0, 1), Nchw::new(2, 7, 1, 33)),
            (conv(5, 3, 1, 3, 0, 1), Nchw::new(2, 5, 10, 7)),
        ] {
            outcomes.extend(convolution(&gpu, spec, input, kernel).await);
        }
        demand(outcomes);
    });
}

#[test]
fn direct_convolution() {
    pollster::block_on(async {
        let gpu = common::gpu().await;
        let kernel: (Dispatcher, Packer, Twin) =
            (conv2d_direct::dispatch, conv2d_direct::pack_weight, reference::conv2d_direct);
        let mut outcomes = Vec::new();
        for (spec, input) in [
            (conv(3, 10, 7, 2, 3, 1), Nchw::new(2, 3, 15, 18)),
            (conv(1, 5, 7, 2, 3, 1), Nchw::new(1, 1, 9, 8)),
            (conv(6, 9, 5, 1, 2, 3), Nchw::new(2, 6, 4, 7)),
            (conv(4, 6, 2, 3, 1, 2), Nchw::new(1, 4, 11, 5)),
            (conv(8, 8, 3, 3, 0, 8), Nchw::new(1, 8, 10, 13)),
            (conv(5, 7, 1, 1, 0, 1), Nchw::new(1, 5, 3, 2)),
            (conv(2, 4, 9, 1, 4, 2), Nchw::new(1, 2, 3, 4)),
        ] {
            outcomes.extend(convolution(&gpu, spec, input, kernel).await);
        }
        demand(outcomes);
    });
}

#[test]
fn elementwise_kernels() {
    pollster::block_on(async {
        let gpu = common::gpu().await;
        let mut outcomes = Vec::new();
        for shape in [Nchw::new(2, 5, 3, 7), Nchw::new(1, 1, 1, 1), Nchw::new(3, 64, 9, 5)] {
            let what = shape.to_string();
            let (x, y) = (values("x", shape.len()), values("y", shape.len()));
            let (scale, shift) = (values("scale", shape.c), values("shift", shape.c));
            for relu in [false, true] {
                let expected = reference::batch_norm_relu(&x, shape, &scale, &shift, relu);
                let dispatch = batch_norm_relu::dispatch(shape, relu).unwrap();
                outcomes
                    .push(check(&gpu, &what, dispatch, &[bytes(&x), bytes(&scale), bytes(&shift)], &expected).await);
                let expected = reference::residual_add(&x, &y, relu);
                let dispatch = residual_add::dispatch(shape, relu).unwrap();
                outcomes.push(check(&gpu, &what, dispatch, &[bytes(&x), bytes(&y)], &expected).await);
            }
        }
        demand(outcomes);
    });
}

/// More workgroups than one axis holds: the second axis must carry on where the first ends.
#[test]
fn an_elementwise_kernel_over_many_elements() {
    pollster::block_on(async {
        let gpu = common::gpu().await;
        let shape = Nchw::new(1, 3, 1201, 1203);
        let (x, y) = (values("x", shape.len()), values("y", shape.len()));
        let dispatch = residual_add::dispatch(shape, false).unwrap();
        assert!(dispatch.workgroup_count[1] > 1);
        let expected = reference::residual_add(&x, &y, false);
        demand([check(&gpu, "large", dispatch, &[bytes(&x), bytes(&y)], &expected).await]);
    });
}

#[test]
fn concatenation() {
    pollster::block_on(async {
        let gpu = common::gpu().await;
        let shapes = [Nchw::new(2, 3, 4, 5), Nchw::new(2, 1, 4, 5), Nchw::new(2, 6, 4, 5)];
        let output = Nchw::new(2, 10, 4, 5);
        let inputs: Vec<Vec<f32>> =
            shapes.iter().enumerate().map(|(i, shape)| values(&format!("x{i}"), shape.len())).collect();
        let pairs: Vec<(&[f32], Nchw)> = inputs.iter().map(Vec::as_slice).zip(shapes).collect();
        let expected = reference::concat_channels(&pairs);
        let mut first_channel = 0;
        for (x, shape) in pairs {
            let dispatch = concat_channels::dispatch(shape, output, first_channel).unwrap();
            let actual = gpu.run_once(&dispatch, &[bytes(x)], output.len()).await.unwrap();
            // Its own channels are written, and no others.
            for (at, (&got, &wanted)) in actual.iter().zip(&expected).enumerate() {
                let channel = at / 20 % 10;
                if (first_channel..first_channel + shape.c).contains(&channel) {
                    assert_eq!(f64::from(got), wanted, "at {at}");
                } else {
                    assert!(got.is_nan(), "wrote {got} at {at}, outside of its channels");
                }
            }
            first_channel += shape.c;
        }
    });
}

#[test]
fn pooling() {
    pollster::block_on(async {
        let gpu = common::gpu().await;
        let mut outcomes = Vec::new();
        for (kernel_size, stride, padding, shape) in
            [(3, 2, 1, Nchw::new(2, 3, 7, 10)), (2, 2, 0, Nchw::new(1, 5, 6, 9)), (3, 1, 1, Nchw::new(1, 1, 1, 4))]
        {
            let pool = PoolSpec { kernel_size, stride, padding };
            let output = pool.output_shape(shape).unwrap();
            // All negative: padding that counted as zero would win.
            let x: Vec<f32> = values("x", shape.len()).iter().map(|x| x - 9.0).collect();
            let expected = reference::max_pool(&x, shape, output, pool);
            let dispatch = max_pool::dispatch(pool, shape, output).unwrap();
            outcomes.push(check(&gpu, &shape.to_string(), dispatch, &[bytes(&x)], &expected).await);
        }
        for shape in [Nchw::new(2, 3, 7, 5), Nchw::new(1, 70, 1, 1)] {
            let x = values("x", shape.len());
            let expected = reference::global_avg_pool(&x, shape);
            let dispatch = global_avg_pool::dispatch(shape).unwrap();
            outcomes.push(check(&gpu, &shape.to_string(), dispatch, &[bytes(&x)], &expected).await);
        }
        demand(outcomes);
    });
}

#[test]
fn linear_and_softmax() {
    pollster::block_on(async {
        let gpu = common::gpu().await;
        let mut outcomes = Vec::new();
        // Odd numbers of outputs, so that in f16 a row begins in the middle of a word.
        for (n, in_features, out_features) in [(3, 10, 7), (1, 1, 1), (2, 130, 65), (1, 7, 7), (2, 33, 1000)] {
            let (x, weight) = (values("x", n * in_features), values("weight", in_features * out_features));
            let bias = values("bias", out_features);
            for dtype in [WeightDtype::F32, WeightDtype::F16] {
                let expected = reference::linear(&x, &rounded(&weight, dtype), &bias, in_features);
                let packed = dtype.encode(linear::pack_weight(in_features, out_features, &weight)).unwrap();
                let dispatch = linear::dispatch(n, in_features, out_features, dtype).unwrap();
                let what = format!("{n}×{in_features} to {out_features}");
                outcomes
                    .push(check(&gpu, &what, dispatch, &[bytes(&x), packed.bytes(), bytes(&bias)], &expected).await);
            }
        }
        // Fewer classes than threads, as many, and more; logits far from zero.
        for (n, classes) in [(3, 1), (2, 10), (1, 64), (2, 1000)] {
            let x: Vec<f32> = values("x", n * classes).iter().map(|x| 40.0 * x + 300.0).collect();
            let expected = reference::softmax(&x, classes);
            let dispatch = softmax::dispatch(n, classes).unwrap();
            outcomes.push(check(&gpu, "softmax", dispatch, &[bytes(&x)], &expected).await);
        }
        demand(outcomes);
    });
}

/// A comparator that nobody saw fail proves nothing.
#[test]
fn the_comparator_fails_where_it_must() {
    let expected = [1.0, -4.0, 2.0];
    assert!(compare("equal", &[1.0, -4.0, 2.0], &expected, 1e-5).is_ok());
    assert!(compare("near", &[1.0, -4.0, 2.000_03], &expected, 1e-5).is_ok());
    let text = compare("far", &[1.0, -4.0, 2.001], &expected, 1e-5).unwrap_err();
    assert!(text.contains("at 2") && text.contains("2.5"), "{text}");
    assert!(compare("NaN", &[1.0, f32::NAN, 2.0], &expected, 1.0).unwrap_err().contains("NaN at 1"));
    assert!(compare("short", &[1.0, -4.0], &expected, 1e-5).is_err());
}

/// The twin is checked by hand once: 1 + 2 + 3 + 4 under a 3×3 window of ones at the corner of a 2×2 picture.
#[test]
fn the_twin_computes_what_a_person_computes() {
    let spec = conv(1, 1, 3, 1, 1, 1);
    let shape = Nchw::new(1, 1, 2, 2);
    let (input, weight) = ([1.0, 2.0, 3.0, 4.0], [1.0; 9]);
    let twin = |residual, relu| reference::Conv {
        spec,
        input: &input,
        input_shape: shape,
        output_shape: shape,
        weight: &weight,
        bias: &[0.5],
        residual,
        relu,
    };
    for run in [reference::conv2d_grouped as Twin, reference::conv2d_direct] {
        assert_eq!(run(&twin(None, false)), [10.5; 4]);
        assert_eq!(run(&twin(Some(&[-20.0, 0.0, 1.0, -10.5]), true)), [0.0, 10.5, 11.5, 0.0]);
    }
}
