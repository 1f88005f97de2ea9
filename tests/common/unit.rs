//! The operator cases of `tests/data/golden/units`, run on the GPU.

use cardinal::gpu::Gpu;
use cardinal::kernels::{
    ConvKernel, ConvLaunch, Dispatch, Epilogue, Method, Tuning, batch_norm_relu, conv2d_pointwise, global_avg_pool,
    max_pool, residual_add, softmax,
};
use cardinal::plan::{GpuDtype, Task};
use cardinal::shape::{Conv2dSpec, Nchw, PoolSpec};
use cardinal::weights::{batch_norm_affine, fold_batch_norm};

use super::compare::{Deviation, compare};
use super::fixture::Fixture;
use super::prng;

/// Tolerance relative to the peak, against PyTorch in f64.
pub const TOLERANCE: f64 = 1e-5;

/// Runs one case with every method and compares the outputs.
pub async fn check(gpu: &Gpu, bytes: &[u8]) -> Vec<Result<Deviation, String>> {
    let fixture = Fixture::parse(bytes);
    let mut outcomes = Vec::new();
    for method in Method::ALL {
        outcomes.push(check_method(gpu, &fixture, method).await);
        if !matches!(fixture.case["op"].as_str(), Some("conv" | "conv_bn_relu")) {
            break;
        }
    }
    outcomes
}

async fn check_method(gpu: &Gpu, fixture: &Fixture<'_>, method: Method) -> Result<Deviation, String> {
    let output = run(gpu, fixture, method).await;
    let what = format!("{} {}", fixture.name(), method.name());
    let outcome = compare_case(fixture, &what, output);
    if let Ok(deviation) = &outcome {
        super::say(&format!("{what:<48} {deviation}"));
    }
    outcome
}

/// Compares a case's output with PyTorch's; if only a sample is stored, at the sampled indices.
pub fn compare_case(fixture: &Fixture<'_>, what: &str, output: Vec<f32>) -> Result<Deviation, String> {
    let expected = fixture.f64("y64").or_else(|| fixture.f64("y_val64")).expect("a case has outputs");
    let actual = match fixture.indices("y_idx") {
        Some(indices) => indices.iter().map(|&index| output[index]).collect(),
        None => output,
    };
    compare(what, &actual, &expected, TOLERANCE)
}

async fn run(gpu: &Gpu, fixture: &Fixture<'_>, method: Method) -> Vec<f32> {
    let input = tensor(fixture, "x");
    let shape = shape_of(fixture);
    match fixture.case["op"].as_str().expect("a case has an op") {
        "conv" | "conv_bn_relu" => convolution(gpu, fixture, &input, shape, method).await,
        "maxpool" => {
            let pool = PoolSpec {
                kernel_size: fixture.number("kernel"),
                stride: fixture.number("stride"),
                padding: fixture.number("padding"),
            };
            let output = pool.output_shape(shape).unwrap();
            once(gpu, max_pool::dispatch(pool, shape, output).unwrap(), &[&input], output.len()).await
        }
        "bn" => {
            let [scale, shift] = affine(fixture, ["weight", "bias"]);
            let dispatch = batch_norm_relu::dispatch(shape, false).unwrap();
            once(gpu, dispatch, &[&input, &scale, &shift], shape.len()).await
        }
        "avgpool" => once(gpu, global_avg_pool::dispatch(shape).unwrap(), &[&input], shape.n * shape.c).await,
        "linear" => {
            let out_features = fixture.number("out");
            let spec = Conv2dSpec::pointwise(shape.c, out_features);
            let kernel = ConvKernel::Pointwise(conv2d_pointwise::Tile::LINEAR);
            let (weight, bias) = (kernel.pack(spec, &tensor(fixture, "weight")), tensor(fixture, "bias"));
            let (n, in_features, weight_dtype) = (shape.n, shape.c, GpuDtype::F32);
            let task = Task::Linear { n, in_features, out_features, weight_dtype };
            once(gpu, task.dispatch().unwrap(), &[&input, &weight, &bias, &bias], n * out_features).await
        }
        "softmax" => once(gpu, softmax::dispatch(shape.n, shape.c).unwrap(), &[&input], shape.len()).await,
        "add_relu" => {
            let skip = tensor(fixture, "skip");
            once(gpu, residual_add::dispatch(shape, true).unwrap(), &[&input, &skip], shape.len()).await
        }
        other => panic!("{}: unknown op {other}", fixture.name()),
    }
}

/// A case's convolution: its launch, and weight and bias with batch norm, if there is one, folded in.
pub fn convolution_case(fixture: &Fixture<'_>, input: Nchw) -> (ConvLaunch, Vec<f32>, Vec<f32>) {
    let spec = Conv2dSpec {
        in_channels: input.c,
        out_channels: fixture.number("out"),
        kernel_size: fixture.numbers("kernel")[0],
        stride: fixture.number("stride"),
        padding: fixture.number("padding"),
        groups: fixture.number("groups"),
    };
    let mut weight = tensor(fixture, "weight");
    let mut bias = match fixture.case["tensors"].get("bias") {
        Some(_) => tensor(fixture, "bias"),
        None => vec![0.0; spec.out_channels],
    };
    let relu = fixture.case["op"] == "conv_bn_relu";
    if relu {
        let [scale, shift] = affine(fixture, ["gamma", "beta"]);
        fold_batch_norm(&mut weight, &mut bias, &scale, &shift);
    }
    let output = spec.output_shape(input).unwrap();
    let epilogue = Epilogue { residual: false, relu };
    (ConvLaunch { spec, input, output, epilogue, weight_dtype: GpuDtype::F32 }, weight, bias)
}

async fn convolution(gpu: &Gpu, fixture: &Fixture<'_>, input: &[f32], shape: Nchw, method: Method) -> Vec<f32> {
    let (launch, weight, bias) = convolution_case(fixture, shape);
    let ConvLaunch { spec, output, .. } = launch;
    let kernel = ConvKernel::of(spec, shape, output, GpuDtype::F32, &Tuning::all(method));
    let dispatch = kernel.dispatch(launch).unwrap();
    // Without a residual its binding is not read, so the bias is bound there.
    once(gpu, dispatch, &[input, &kernel.pack(spec, &weight), &bias, &bias], output.len()).await
}

async fn once(gpu: &Gpu, dispatch: Dispatch, inputs: &[&[f32]], output_len: usize) -> Vec<f32> {
    let inputs: Vec<&[u8]> = inputs.iter().map(|values| super::bytes(values)).collect();
    gpu.run_once(&dispatch, &inputs, output_len)
        .await
        .unwrap_or_else(|error| panic!("{}: {error}", dispatch.kernel.name()))
}

pub(super) fn affine(fixture: &Fixture<'_>, [weight, bias]: [&str; 2]) -> [Vec<f32>; 2] {
    let part = |name| tensor(fixture, name);
    let eps = fixture.case["eps"].as_f64().expect("batch norm has an eps");
    let (scale, shift) =
        batch_norm_affine(&part(weight), &part(bias), &part("running_mean"), &part("running_var"), eps);
    [scale, shift]
}

pub(super) fn shape_of(fixture: &Fixture<'_>) -> Nchw {
    match fixture.numbers("x")[..] {
        [n, c, h, w] => Nchw::new(n, c, h, w),
        [n, c] => Nchw::new(n, c, 1, 1),
        ref other => panic!("{}: input of {other:?}", fixture.name()),
    }
}

/// A stored tensor, or a generated one by the rules of `make_fixtures.py`.
pub(super) fn tensor(fixture: &Fixture<'_>, name: &str) -> Vec<f32> {
    if let Some(stored) = fixture.f32(name) {
        return stored;
    }
    let shape = super::fixture::list(&fixture.case["tensors"][name]);
    let len: usize = shape.iter().product();
    let (seed, key) = (fixture.number("seed") as u64, format!("{}/{name}", fixture.name()));
    let uniform = |low, high| prng::uniform(seed, &key, len, low, high);
    match (name, shape.len()) {
        ("x", _) => prng::normal(seed, &key, len, fixture.case["x_std"].as_f64().unwrap_or(1.0)),
        ("weight", rank @ (2 | 4)) => {
            let gain: f64 = if rank == 4 { 6.0 } else { 3.0 };
            let bound = (gain / shape[1..].iter().product::<usize>() as f64).sqrt();
            uniform(-bound, bound)
        }
        ("bias", _) if fixture.case["op"] == "linear" => uniform(-0.1, 0.1),
        ("bias", _) => uniform(-0.5, 0.5),
        other => panic!("{}: no rule for {other:?}", fixture.name()),
    }
}
