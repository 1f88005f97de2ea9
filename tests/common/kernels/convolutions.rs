//! Convolutions on every kernel and tile that a tuning may choose.

use std::collections::HashSet;

use cardinal::gpu::Gpu;
#[cfg(not(target_arch = "wasm32"))]
use cardinal::kernels::conv2d_subgroup;
use cardinal::kernels::{
    ConvKernel, ConvLaunch, Dispatch, Epilogue, Method, Tuning, conv2d_grouped, conv2d_implicit, conv2d_pointwise,
};
use cardinal::plan::GpuDtype;
use cardinal::reference;
use cardinal::shape::{Conv2dSpec, Nchw};

use super::{Outcome, check, conv};
use crate::common::compare::compare;
use crate::common::{bytes, rounded, values};

type Twin = fn(&reference::Conv<'_>) -> Vec<f64>;

/// Every kernel and tile that any tuning chooses for a convolution.
fn kernels(spec: Conv2dSpec, input: Nchw, output: Nchw) -> Vec<ConvKernel> {
    let mut kernels = Vec::new();
    for method in Method::ALL {
        let kernel = ConvKernel::of(spec, input, output, GpuDtype::F32, &Tuning::all(method));
        if !kernels.contains(&kernel) {
            kernels.push(kernel);
        }
    }
    kernels
}

/// Runs one convolution on one kernel with all four epilogues and weights of both types.
async fn convolution(gpu: &Gpu, spec: Conv2dSpec, input: Nchw, kernel: ConvKernel, twin: Twin) -> Vec<Outcome> {
    let output = spec.checked().unwrap().output_shape(input).unwrap();
    let (x, weight) = (values("x", input.len()), values("weight", spec.weight_len()));
    let (bias, residual) = (values("bias", spec.out_channels), values("residual", output.len()));
    let mut outcomes = Vec::new();
    for dtype in [GpuDtype::F32, GpuDtype::F16] {
        let (packed, weight) = (dtype.encode(kernel.pack(spec, &weight)).unwrap(), rounded(&weight, dtype));
        assert_eq!(packed.bytes().len(), dtype.bytes(kernel.packed_len(spec)), "{kernel:?} {spec:?}");
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
            let what = format!("{spec:?} on {input} {epilogue:?}");
            let dispatch = kernel.dispatch(launch).unwrap();
            outcomes.push(check(gpu, &what, dispatch.clone(), &inputs, &expected).await);
            if epilogue == (Epilogue { residual: true, relu: true }) {
                outcomes.push(rolled(gpu, dispatch, &inputs, output.len()).await);
            }
        }
    }
    outcomes
}

/// Compares a kernel without unrolled loops with the same kernel unrolled; every bit must be equal.
async fn rolled(gpu: &Gpu, unrolled: Dispatch, inputs: &[&[u8]], output_len: usize) -> Outcome {
    let rolled = Dispatch { kernel: unrolled.kernel.clone().unrolled(false), ..unrolled.clone() };
    let name = rolled.kernel.name();
    assert_ne!(rolled.kernel.source(), unrolled.kernel.source(), "{name}");
    let expected = gpu.run_once(&unrolled, inputs, output_len).await.unwrap_or_else(|error| panic!("{name}: {error}"));
    let actual = gpu.run_once(&rolled, inputs, output_len).await.unwrap_or_else(|error| panic!("{name}: {error}"));
    let expected: Vec<f64> = expected.into_iter().map(f64::from).collect();
    let result = compare(&name, &actual, &expected, 0.0);
    Outcome { kernel: name, result }
}

/// Runs the convolution on every kernel that can compute it, and gives the names of those kernels.
async fn everywhere(
    gpu: &Gpu,
    spec: Conv2dSpec,
    input: Nchw,
    twin: Twin,
    ran: &mut HashSet<ConvKernel>,
) -> Vec<Outcome> {
    let output = spec.checked().unwrap().output_shape(input).unwrap();
    let mut outcomes = Vec::new();
    for kernel in kernels(spec, input, output) {
        outcomes.extend(convolution(gpu, spec, input, kernel, twin).await);
        ran.insert(kernel);
    }
    outcomes
}

pub async fn windows_in_groups(gpu: &Gpu) -> Vec<Outcome> {
    let (mut outcomes, mut ran) = (Vec::new(), HashSet::new());
    // 28 channels per picture with every number of groups that divides them, down to one channel per group.
    for groups in [1, 2, 4, 7, 14, 28] {
        for stride in [1, 2] {
            let (spec, input) = (conv(28, 28, 3, stride, 1, groups), Nchw::new(2, 28, 5, 9));
            outcomes.extend(everywhere(gpu, spec, input, reference::conv2d_grouped, &mut ran).await);
        }
    }
    // 14 and 2 channels per group (8x14d, 32x2d), nearly dense, more output than input channels, one pixel, one row, one
    // column, rows longer than a run, rows of 14, 8 and 7 pixels and of one more; then the stem in colour and grey.
    for (spec, input) in [
        (conv(112, 112, 3, 1, 1, 8), Nchw::new(1, 112, 7, 6)),
        (conv(64, 64, 3, 2, 1, 32), Nchw::new(3, 64, 6, 7)),
        (conv(82, 41, 3, 1, 1, 1), Nchw::new(1, 82, 5, 14)),
        (conv(80, 82, 3, 2, 1, 2), Nchw::new(2, 80, 5, 15)),
        (conv(6, 10, 3, 1, 1, 2), Nchw::new(1, 6, 4, 17)),
        (conv(10, 6, 3, 2, 1, 2), Nchw::new(2, 10, 9, 34)),
        (conv(12, 12, 3, 1, 1, 3), Nchw::new(1, 12, 1, 1)),
        (conv(5, 5, 3, 2, 1, 5), Nchw::new(2, 5, 1, 13)),
        (conv(15, 15, 3, 2, 1, 3), Nchw::new(2, 15, 9, 7)),
        (conv(30, 30, 3, 1, 1, 6), Nchw::new(1, 30, 5, 11)),
        (conv(3, 16, 3, 1, 1, 1), Nchw::new(1, 3, 12, 1)),
        (conv(4, 4, 3, 1, 1, 1), Nchw::new(1, 4, 3, 14)),
        (conv(4, 4, 3, 1, 1, 1), Nchw::new(1, 4, 3, 8)),
        (conv(4, 4, 3, 1, 1, 1), Nchw::new(1, 4, 3, 7)),
        (conv(4, 4, 3, 2, 1, 1), Nchw::new(1, 4, 5, 28)),
        (conv(4, 4, 3, 2, 1, 1), Nchw::new(1, 4, 5, 16)),
        (conv(4, 4, 3, 2, 1, 1), Nchw::new(1, 4, 5, 13)),
        (conv(9, 9, 3, 1, 1, 1), Nchw::new(1, 9, 25, 29)),
        (conv(3, 10, 7, 2, 3, 1), Nchw::new(2, 3, 15, 18)),
        (conv(1, 5, 7, 2, 3, 1), Nchw::new(1, 1, 9, 28)),
    ] {
        outcomes.extend(everywhere(gpu, spec, input, reference::conv2d_grouped, &mut ran).await);
        #[cfg(not(target_arch = "wasm32"))]
        if conv2d_subgroup::supports(spec) {
            outcomes.extend(in_subgroups(gpu, spec, input).await);
        }
    }
    // Networks use the other tiles at sizes that take too long here.
    for tile in conv2d_grouped::Tile::all() {
        let (kernel_size, stride) = (tile.kernel_size as usize, tile.stride as usize);
        let kernel = ConvKernel::Grouped(tile);
        if !ran.contains(&kernel) {
            let spec = conv(4, 18, kernel_size, stride, kernel_size / 2, 2);
            let input = Nchw::new(2, 4, 7, 31);
            outcomes.extend(convolution(gpu, spec, input, kernel, reference::conv2d_grouped).await);
        }
    }
    // A tuning chooses a matrix product for nearly dense layers only, but it must be correct for all.
    {
        let (spec, input) = (conv(12, 10, 3, 2, 1, 2), Nchw::new(2, 12, 7, 5));
        for tile in
            conv2d_implicit::Tile::all(false).into_iter().filter(|tile| tile.kernel_size as usize == spec.kernel_size)
        {
            let kernel = ConvKernel::Implicit(tile);
            outcomes.extend(convolution(gpu, spec, input, kernel, reference::conv2d_implicit).await);
        }
    }
    outcomes
}

#[cfg(not(target_arch = "wasm32"))]
async fn in_subgroups(gpu: &Gpu, spec: Conv2dSpec, input: Nchw) -> Vec<Outcome> {
    if !gpu.adapter().shares_weights {
        eprintln!("{} has no subgroups of eight: only native/shaders.rs saw conv2d_subgroup", gpu.adapter().name);
        return Vec::new();
    }
    convolution(gpu, spec, input, ConvKernel::Subgroup, reference::conv2d_subgroup).await
}

pub async fn pointwise_convolution(gpu: &Gpu) -> Vec<Outcome> {
    let (mut outcomes, mut ran) = (Vec::new(), HashSet::new());
    let larger: &[conv2d_pointwise::Tile] = if gpu.adapter().name.contains("llvmpipe") {
        eprintln!(
            "lavapipe takes 20 s to compile the large tile, which it never gets: SwiftShader is what tests it, in Chromium"
        );
        &[conv2d_pointwise::Tile::MEDIUM]
    } else {
        &[conv2d_pointwise::Tile::LARGE, conv2d_pointwise::Tile::MEDIUM]
    };
    for (spec, input) in [
        (conv(13, 70, 1, 1, 0, 1), Nchw::new(2, 13, 5, 7)),
        (conv(24, 9, 1, 2, 0, 1), Nchw::new(3, 24, 7, 6)),
        (conv(1, 1, 1, 1, 0, 1), Nchw::new(1, 1, 1, 1)),
        (conv(64, 129, 1, 1, 0, 1), Nchw::new(1, 64, 9, 15)),
        (conv(7, 8, 1, 2, 0, 1), Nchw::new(2, 7, 1, 33)),
        (conv(5, 3, 1, 3, 0, 1), Nchw::new(2, 5, 10, 7)),
        // The pixels make whole vectors, few or many.
        (conv(17, 65, 1, 1, 0, 1), Nchw::new(2, 17, 6, 6)),
        (conv(18, 33, 1, 1, 0, 1), Nchw::new(1, 18, 24, 30)),
    ] {
        outcomes.extend(everywhere(gpu, spec, input, reference::conv2d_pointwise, &mut ran).await);
        // Networks use the larger tiles at sizes that take too long here.
        for &tile in larger {
            let kernel = ConvKernel::Pointwise(tile);
            outcomes.extend(convolution(gpu, spec, input, kernel, reference::conv2d_pointwise).await);
            ran.insert(kernel);
        }
        #[cfg(not(target_arch = "wasm32"))]
        outcomes.extend(in_subgroups(gpu, spec, input).await);
    }
    let is_run = |tile: &conv2d_pointwise::Tile| *tile != conv2d_pointwise::Tile::LARGE || larger.contains(tile);
    let tiles =
        conv2d_pointwise::Tile::ALL.into_iter().filter(|tile| *tile != conv2d_pointwise::Tile::LINEAR && is_run(tile));
    let tiles = tiles.map(ConvKernel::Pointwise);
    let implicit =
        conv2d_implicit::Tile::all(false).into_iter().filter(|tile| tile.kernel_size == 1).map(ConvKernel::Implicit);
    for kernel in tiles.chain(implicit) {
        assert!(ran.contains(&kernel), "{kernel:?} was not tested");
    }
    outcomes
}

/// Runs on devices with `shader-f16`; on others it says so, and gives nothing.
pub async fn products_in_f16(gpu: &Gpu) -> Vec<Outcome> {
    const F16_TOLERANCE: f64 = 1e-2;
    if !gpu.adapter().f16 {
        eprintln!("{} has no shader-f16: only native/shaders.rs saw these kernels", gpu.adapter().name);
        assert!(!gpu.multiplies_in_f16().await);
        return Vec::new();
    }
    assert!(gpu.multiplies_in_f16().await, "the check that the page makes before it uses them");
    let mut outcomes = Vec::new();
    for tile in conv2d_implicit::Tile::all(true) {
        let (spec, input) = match tile.kernel_size {
            1 => (conv(70, 66, 1, 1, 0, 1), Nchw::new(2, 70, 6, 6)),
            _ => (conv(12, 10, 3, 2, 1, 2), Nchw::new(2, 12, 7, 5)),
        };
        let output = spec.output_shape(input).unwrap();
        let (x, weight) = (values("x", input.len()), values("weight", spec.weight_len()));
        let (bias, dtype) = (values("bias", spec.out_channels), GpuDtype::F16);
        let kernel = ConvKernel::Implicit(tile);
        let packed = dtype.encode(kernel.pack(spec, &weight)).unwrap();
        let launch = ConvLaunch { spec, input, output, epilogue: Epilogue::default(), weight_dtype: dtype };
        let expected = reference::conv2d_implicit(&reference::Conv {
            spec,
            input: &x,
            input_shape: input,
            output_shape: output,
            weight: &rounded(&weight, dtype),
            bias: &bias,
            residual: None,
            relu: false,
        });
        let inputs = [bytes(&x), packed.bytes(), bytes(&bias), bytes(&bias)];
        let dispatch = kernel.dispatch(launch).unwrap();
        let actual = gpu.run_once(&dispatch, &inputs, output.len()).await.unwrap();
        let kernel = dispatch.kernel.name();
        let result = compare(&kernel, &actual, &expected, F16_TOLERANCE);
        outcomes.push(Outcome { kernel, result });
        outcomes.push(rolled(gpu, dispatch, &inputs, output.len()).await);
    }
    outcomes
}

pub async fn direct_convolution(gpu: &Gpu) -> Vec<Outcome> {
    let mut outcomes = Vec::new();
    for (spec, input) in [
        (conv(3, 10, 7, 2, 3, 1), Nchw::new(2, 3, 15, 18)),
        (conv(2, 12, 7, 1, 3, 2), Nchw::new(1, 2, 4, 5)),
        (conv(6, 9, 5, 1, 2, 3), Nchw::new(2, 6, 4, 7)),
        (conv(4, 6, 2, 3, 1, 2), Nchw::new(1, 4, 11, 5)),
        (conv(8, 8, 3, 3, 0, 8), Nchw::new(1, 8, 10, 13)),
        (conv(5, 7, 1, 1, 0, 1), Nchw::new(1, 5, 3, 2)),
        (conv(2, 4, 9, 1, 4, 2), Nchw::new(1, 2, 3, 4)),
    ] {
        outcomes.extend(convolution(gpu, spec, input, ConvKernel::Direct, reference::conv2d_direct).await);
    }
    outcomes
}
