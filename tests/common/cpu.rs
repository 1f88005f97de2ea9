//! The operator cases of `tests/data/golden/units`, run on the CPU.

use cardinal::cpu::{Instructions, run_once, run_with};
use cardinal::kernels::ConvKernel;
use cardinal::plan::{Folded, GpuDtype, Task};
use cardinal::shape::{Nchw, PoolSpec};

use super::compare::Deviation;
use super::fixture::Fixture;
use super::unit::{affine, compare_case, convolution_case, shape_of, tensor};

/// Runs one case, a convolution with each instruction set of this processor, and compares its outputs.
pub fn check(bytes: &[u8]) -> Vec<Result<Deviation, String>> {
    let fixture = Fixture::parse(bytes);
    let compare = |instructions: Instructions| {
        let output = run(&fixture, instructions);
        compare_case(&fixture, &format!("{} cpu, {}", fixture.name(), instructions.name()), output)
    };
    Instructions::all().into_iter().map(compare).collect()
}

fn run(fixture: &Fixture<'_>, instructions: Instructions) -> Vec<f32> {
    let x = tensor(fixture, "x");
    let shape = shape_of(fixture);
    match fixture.case["op"].as_str().expect("a case has an op") {
        "conv" | "conv_bn_relu" => convolution(fixture, instructions, &x, shape),
        "maxpool" => {
            let pool = PoolSpec {
                kernel_size: fixture.number("kernel"),
                stride: fixture.number("stride"),
                padding: fixture.number("padding"),
            };
            let output = pool.output_shape(shape).unwrap();
            run_once(Task::MaxPool { pool, input: shape, output }, None, &x, None, output.len())
        }
        "bn" => {
            let [weight, bias] = affine(fixture, ["weight", "bias"]);
            let folded = Some(Folded { weight, bias });
            run_once(Task::BatchNorm { shape, relu: false }, folded, &x, None, shape.len())
        }
        "avgpool" => run_once(Task::GlobalAvgPool { input: shape }, None, &x, None, shape.n * shape.c),
        "linear" => {
            let (in_features, out_features) = (shape.c, fixture.number("out"));
            let task = Task::Linear { n: shape.n, in_features, out_features, weight_dtype: GpuDtype::F32 };
            let folded = Folded { weight: tensor(fixture, "weight"), bias: tensor(fixture, "bias") };
            run_once(task, Some(folded), &x, None, shape.n * out_features)
        }
        "softmax" => run_once(Task::Softmax { n: shape.n, classes: shape.c }, None, &x, None, shape.len()),
        "add_relu" => {
            let skip = tensor(fixture, "skip");
            run_once(Task::Add { shape, relu: true }, None, &x, Some(&skip), shape.len())
        }
        other => panic!("{}: unknown op {other}", fixture.name()),
    }
}

fn convolution(fixture: &Fixture<'_>, instructions: Instructions, x: &[f32], input: Nchw) -> Vec<f32> {
    let (launch, weight, bias) = convolution_case(fixture, input);
    let task = Task::Convolution(launch, ConvKernel::Direct);
    run_with(instructions, task, Some(Folded { weight, bias }), x, None, launch.output.len())
}
