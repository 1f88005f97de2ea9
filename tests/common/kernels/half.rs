//! Every kernel of an inference over activations in f16. The references compute on rounded inputs, so that what is left is the
//! rounding of each output.

use cardinal::gpu::Gpu;
use cardinal::kernels::{
    ConvKernel, ConvLaunch, Dispatch, Epilogue, batch_norm_relu, class_activation, concat_channels, conv2d_grouped,
    conv2d_implicit, conv2d_pointwise, global_avg_pool, max_pool, residual_add,
};
use cardinal::plan::GpuDtype;
use cardinal::reference;
use cardinal::shape::{Conv2dSpec, Nchw, PoolSpec};

use super::{Outcome, conv};
use crate::common::compare::compare;
use crate::common::{bytes, rounded, values};

/// Half of the distance between two neighbouring f16, of the peak.
const TOLERANCE: f64 = 5e-4;
/// With products in f16 too.
const PRODUCT_TOLERANCE: f64 = 1e-2;
/// Twice what f16 holds.
const TOO_LARGE: f32 = 131_008.0;

/// Runs on devices with `shader-f16`; on others it says so, and gives nothing.
pub async fn activations_in_f16(gpu: &Gpu) -> Vec<Outcome> {
    if !gpu.adapter().f16 {
        eprintln!("{} has no shader-f16: only native/shaders.rs saw these kernels", gpu.adapter().name);
        return Vec::new();
    }
    let mut outcomes = Vec::new();
    for kernel in convolutions() {
        outcomes.extend(convolution(gpu, kernel).await);
    }
    #[cfg(not(target_arch = "wasm32"))]
    if gpu.adapter().shares_weights {
        // Of its windows the 1×1 first.
        outcomes.extend(convolution(gpu, ConvKernel::Subgroup).await);
        let (spec, input) = (conv(12, 140, 3, 2, 1, 2), Nchw::new(3, 12, 9, 7));
        outcomes.extend(convolution_of(gpu, ConvKernel::Subgroup, spec, input).await);
    }
    outcomes.extend(others(gpu).await);
    outcomes
}

/// Every tile that a tuning may choose.
fn convolutions() -> Vec<ConvKernel> {
    let pointwise = conv2d_pointwise::Tile::ALL.into_iter().map(ConvKernel::Pointwise);
    let grouped = conv2d_grouped::Tile::all().into_iter().map(ConvKernel::Grouped);
    let implicit = [false, true].into_iter().flat_map(conv2d_implicit::Tile::all).map(ConvKernel::Implicit);
    pointwise.chain(grouped).chain(implicit).chain([ConvKernel::Direct]).collect()
}

async fn convolution(gpu: &Gpu, kernel: ConvKernel) -> [Outcome; 2] {
    let (spec, input) = match kernel {
        #[cfg(not(target_arch = "wasm32"))]
        ConvKernel::Subgroup => (conv(13, 70, 1, 1, 0, 1), Nchw::new(3, 13, 5, 7)),
        ConvKernel::Pointwise(_) => (conv(13, 70, 1, 1, 0, 1), Nchw::new(3, 13, 5, 7)),
        ConvKernel::Grouped(tile) => {
            let (size, stride) = (tile.kernel_size as usize, tile.stride as usize);
            (conv(6, 10, size, stride, size / 2, 2), Nchw::new(3, 6, 7, 31))
        }
        ConvKernel::Implicit(tile) if tile.kernel_size == 1 => (conv(70, 66, 1, 1, 0, 1), Nchw::new(3, 70, 6, 6)),
        ConvKernel::Implicit(_) => (conv(12, 10, 3, 2, 1, 2), Nchw::new(3, 12, 7, 5)),
        ConvKernel::Direct => (conv(6, 9, 5, 1, 2, 3), Nchw::new(3, 6, 5, 7)),
    };
    convolution_of(gpu, kernel, spec, input).await
}

async fn convolution_of(gpu: &Gpu, kernel: ConvKernel, spec: Conv2dSpec, input: Nchw) -> [Outcome; 2] {
    let product_f16 = matches!(kernel, ConvKernel::Implicit(tile) if tile.product_f16);
    let weight_dtype = if product_f16 { GpuDtype::F16 } else { GpuDtype::F32 };
    let output = spec.output_shape(input).unwrap();
    let epilogue = Epilogue { residual: true, relu: true };
    let dispatch = kernel.dispatch(ConvLaunch { spec, input, output, epilogue, weight_dtype }).unwrap();
    let [x, residual] = [("x", input.len()), ("residual", output.len())].map(|(name, len)| half(&values(name, len)));
    let (weight, bias) = (values("weight", spec.weight_len()), values("bias", spec.out_channels));
    let packed = weight_dtype.encode(kernel.pack(spec, &weight)).unwrap();
    let expected = reference::conv2d_direct(&reference::Conv {
        spec,
        input: &x.0,
        input_shape: input,
        output_shape: output,
        weight: &rounded(&weight, weight_dtype),
        bias: &bias,
        residual: Some(&residual.0),
        relu: true,
    });
    let tolerance = if product_f16 { PRODUCT_TOLERANCE } else { TOLERANCE };
    let inputs = [&x.1, packed.bytes(), bytes(&bias), &residual.1];
    let outcome = check(gpu, dispatch.clone(), &inputs, &expected, tolerance).await;
    let bias = vec![TOO_LARGE; spec.out_channels];
    let inputs = [&x.1, packed.bytes(), bytes(&bias), &residual.1];
    [outcome, overflow(gpu, dispatch, &inputs, output.len()).await]
}

async fn others(gpu: &Gpu) -> Vec<Outcome> {
    let mut outcomes = Vec::new();
    // An odd number of values: two of them share a word with none.
    let shape = Nchw::new(3, 5, 3, 7);
    let (x, y) = (half(&values("x", shape.len())), half(&values("y", shape.len())));
    let (scale, shift) = (values("scale", shape.c), values("shift", shape.c));

    let expected = reference::batch_norm_relu(&x.0, shape, &scale, &shift, true);
    let dispatch = batch_norm_relu::dispatch(shape, true).unwrap();
    outcomes.push(check(gpu, dispatch.clone(), &[&x.1, bytes(&scale), bytes(&shift)], &expected, TOLERANCE).await);
    let shift = vec![TOO_LARGE; shape.c];
    outcomes.push(overflow(gpu, dispatch, &[&x.1, bytes(&scale), bytes(&shift)], shape.len()).await);

    let expected = reference::residual_add(&x.0, &y.0, false);
    let dispatch = residual_add::dispatch(shape, false).unwrap();
    outcomes.push(check(gpu, dispatch.clone(), &[&x.1, &y.1], &expected, TOLERANCE).await);
    let largest = half(&vec![65_504.0; shape.len()]);
    outcomes.push(overflow(gpu, dispatch, &[&largest.1, &largest.1], shape.len()).await);

    let pool = PoolSpec { kernel_size: 3, stride: 2, padding: 1 };
    let output = pool.output_shape(shape).unwrap();
    let low = half(&x.0.iter().map(|x| x - 9.0).collect::<Vec<_>>());
    let expected = reference::max_pool(&low.0, shape, output, pool);
    let dispatch = max_pool::dispatch(pool, shape, output).unwrap();
    outcomes.push(check(gpu, dispatch, &[&low.1], &expected, 0.0).await);

    let expected = reference::concat_channels(&[(&x.0, shape)]);
    let dispatch = concat_channels::dispatch(shape, shape, 0).unwrap();
    outcomes.push(check(gpu, dispatch, &[&x.1], &expected, 0.0).await);

    // These write f32.
    let expected = reference::global_avg_pool(&x.0, shape);
    outcomes.push(check(gpu, global_avg_pool::dispatch(shape).unwrap(), &[&x.1], &expected, 1e-5).await);
    let weight = values("weight", 2 * shape.c);
    let expected = reference::class_activation(&x.0, shape, &weight);
    let dispatch = class_activation::dispatch(shape, 2).unwrap();
    outcomes.push(check(gpu, dispatch, &[&x.1, bytes(&weight)], &expected, 1e-5).await);
    outcomes
}

/// Rounded values, and their bytes in f16.
fn half(values: &[f32]) -> (Vec<f32>, Vec<u8>) {
    let dtype = GpuDtype::F16;
    (rounded(values, dtype), dtype.encode(values.to_vec()).unwrap().bytes().to_vec())
}

fn over_f16(dispatch: Dispatch) -> Dispatch {
    let single = dispatch.kernel.name();
    let dispatch = Dispatch { kernel: dispatch.kernel.over_f16(true), ..dispatch };
    assert_ne!(dispatch.kernel.name(), single);
    assert_eq!(dispatch.kernel.input_dtype(), GpuDtype::F16, "{single}");
    dispatch
}

async fn check(gpu: &Gpu, dispatch: Dispatch, inputs: &[&[u8]], expected: &[f64], tolerance: f64) -> Outcome {
    let dispatch = over_f16(dispatch);
    let kernel = dispatch.kernel.name();
    let result = match gpu.run_once(&dispatch, inputs, expected.len()).await {
        Ok(actual) => compare(&kernel, &actual, expected, tolerance),
        Err(error) => Err(format!("{kernel}: {error}")),
    };
    Outcome { kernel, result }
}

/// A launch whose every sum is too large must say so: all of its output is NaN then.
async fn overflow(gpu: &Gpu, dispatch: Dispatch, inputs: &[&[u8]], output_len: usize) -> Outcome {
    let dispatch = over_f16(dispatch);
    let kernel = dispatch.kernel.name();
    let actual = gpu.run_once(&dispatch, inputs, output_len).await.unwrap_or_else(|error| panic!("{kernel}: {error}"));
    let result = match actual.iter().find(|value| !value.is_nan()) {
        Some(value) => Err(format!("{kernel}: a value beyond f16 became {value}")),
        None => compare(&kernel, &[1.0], &[1.0], 0.0),
    };
    Outcome { kernel, result }
}
