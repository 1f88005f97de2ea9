//! The CPU engine: every operation compared with its reference and with PyTorch, whole networks with PyTorch. Needs no GPU.

use crate::common::compare::{Deviation, compare, demand};
use crate::common::fixture::{SMALL, golden, listed, small};
use crate::common::unit::TOLERANCE;
use crate::common::{cpu, network, values};
use cardinal::classifier::{Classifier, Device, Engine, LoadOptions, Model};
use cardinal::cpu::{CpuError, Instructions, run_once, run_with};
use cardinal::kernels::{ConvKernel, ConvLaunch, Epilogue};
use cardinal::model::{BlockForm, Graph, ResNextConfig};
use cardinal::plan::{Folded, GpuDtype, Plan, PlanKind, Task};
use cardinal::shape::{Conv2dSpec, Nchw, PoolSpec};
use cardinal::{Error, reference};

#[test]
fn every_operator_case_agrees() {
    let outcomes: Vec<_> = listed("units/").iter().flat_map(|file| cpu::check(&golden(file))).collect();
    assert_eq!(outcomes.len(), 49 * Instructions::all().len());
    demand(outcomes);
}

#[test]
fn networks_agree_in_both_plans_and_all_forms() {
    pollster::block_on(async {
        let mut outcomes = Vec::new();
        for name in SMALL {
            let [weights, io] = small(name);
            for kind in [PlanKind::Plain, PlanKind::Fused] {
                for form in [BlockForm::A, BlockForm::B, BlockForm::C] {
                    outcomes.extend(network::check_small(Device::Cpu, &weights, &io, kind, form).await);
                }
            }
        }
        for (name, kind) in [
            ("resnext50_32x4d", PlanKind::Plain),
            ("resnext50_32x4d", PlanKind::Fused),
            ("resnext101_32x8d", PlanKind::Fused),
            ("resnext101_64x4d", PlanKind::Fused),
        ] {
            outcomes.extend(network::check_full(Device::Cpu, &golden(&format!("full/{name}.safetensors")), kind).await);
        }
        demand(outcomes);
    });
}

/// `[in_channels, out_channels, kernel_size, stride, padding, groups]`, in all four epilogues.
fn convolution(
    [in_channels, out_channels, kernel_size, stride, padding, groups]: [usize; 6],
    input: Nchw,
) -> Vec<Result<Deviation, String>> {
    let spec = Conv2dSpec { in_channels, out_channels, kernel_size, stride, padding, groups };
    let output = spec.checked().unwrap().output_shape(input).unwrap();
    let (x, weight) = (values("x", input.len()), values("weight", spec.weight_len()));
    let (bias, residual) = (values("bias", spec.out_channels), values("residual", output.len()));
    let mut outcomes = Vec::new();
    for epilogue in [(false, false), (false, true), (true, false), (true, true)] {
        let epilogue = Epilogue { residual: epilogue.0, relu: epilogue.1 };
        let residual = epilogue.residual.then_some(&residual[..]);
        let expected = reference::conv2d_direct(&reference::Conv {
            spec,
            input: &x,
            input_shape: input,
            output_shape: output,
            weight: &weight,
            bias: &bias,
            residual,
            relu: epilogue.relu,
        });
        let task = Task::Convolution(
            ConvLaunch { spec, input, output, epilogue, weight_dtype: GpuDtype::F32 },
            ConvKernel::Direct,
        );
        let folded = Folded { weight: weight.clone(), bias: bias.clone() };
        for instructions in Instructions::all() {
            let actual = run_with(instructions, task, Some(folded.clone()), &x, residual, output.len());
            let what = format!("{spec:?} {epilogue:?} on {input}, {}", instructions.name());
            outcomes.push(compare(&what, &actual, &expected, TOLERANCE));
        }
    }
    outcomes
}

#[test]
fn convolutions_of_every_kind_agree_with_their_reference() {
    let mut outcomes = Vec::new();
    // 28 channels per picture with every number of groups that divides them, down to one channel per group.
    for groups in [1, 2, 4, 7, 14, 28] {
        for stride in [1, 2] {
            outcomes.extend(convolution([28, 28, 3, stride, 1, groups], Nchw::new(2, 28, 5, 9)));
        }
    }
    for (spec, input) in [
        // Pointwise: channels that do not fill a tile, more pixels than a strip, strides that do not divide the size.
        ([13, 70, 1, 1, 0, 1], Nchw::new(2, 13, 5, 7)),
        // One to four pixels more than whole tiles of any instruction set, of one and of several strips.
        ([33, 21, 1, 1, 0, 1], Nchw::new(2, 33, 7, 7)),
        ([33, 21, 1, 1, 0, 1], Nchw::new(1, 33, 5, 10)),
        ([1030, 9, 1, 1, 0, 1], Nchw::new(1, 1030, 3, 33)),
        ([1030, 9, 1, 1, 0, 1], Nchw::new(1, 1030, 10, 10)),
        ([24, 9, 1, 2, 0, 1], Nchw::new(3, 24, 7, 6)),
        ([1, 1, 1, 1, 0, 1], Nchw::new(1, 1, 1, 1)),
        ([640, 5, 1, 1, 0, 1], Nchw::new(1, 640, 11, 15)),
        ([7, 8, 1, 2, 0, 1], Nchw::new(2, 7, 1, 33)),
        ([5, 3, 1, 3, 0, 1], Nchw::new(2, 5, 10, 7)),
        ([6, 6, 1, 2, 1, 3], Nchw::new(1, 6, 5, 4)),
        // Windows: 14 channels per group, more output than input channels, one pixel, one row, one column; padding from none to
        // more than the kernel.
        ([112, 112, 3, 1, 1, 8], Nchw::new(1, 112, 7, 6)),
        ([6, 10, 3, 1, 1, 2], Nchw::new(1, 6, 4, 17)),
        ([10, 6, 3, 2, 1, 2], Nchw::new(2, 10, 9, 34)),
        ([12, 12, 3, 1, 1, 3], Nchw::new(1, 12, 1, 1)),
        ([5, 5, 3, 2, 1, 5], Nchw::new(2, 5, 1, 13)),
        ([3, 16, 3, 1, 1, 1], Nchw::new(1, 3, 12, 1)),
        ([3, 10, 7, 2, 3, 1], Nchw::new(2, 3, 13, 18)),
        ([1, 3, 7, 2, 3, 1], Nchw::new(1, 1, 1, 2)),
        ([4, 4, 5, 3, 0, 2], Nchw::new(1, 4, 11, 9)),
        ([4, 4, 2, 3, 2, 1], Nchw::new(1, 4, 6, 5)),
        ([2, 3, 1, 5, 3, 1], Nchw::new(1, 2, 2, 3)),
        // 5 channels per group, odd outputs, and a stride on a 1×1 before an odd one.
        ([15, 15, 3, 2, 1, 3], Nchw::new(2, 15, 9, 7)),
        ([30, 30, 3, 1, 1, 6], Nchw::new(1, 30, 5, 11)),
        ([15, 27, 1, 1, 0, 1], Nchw::new(2, 15, 3, 5)),
        ([27, 15, 1, 2, 0, 1], Nchw::new(2, 27, 9, 7)),
        // The last panel is not full, and its repeated pixel must not be read from past the end of a row.
        ([4, 4, 3, 1, 1, 1], Nchw::new(1, 4, 6, 5)),
        ([4, 4, 3, 1, 1, 1], Nchw::new(1, 4, 2, 3)),
    ] {
        outcomes.extend(convolution(spec, input));
    }
    demand(outcomes);
}

#[test]
fn the_other_operations_agree_with_their_references() {
    let shape = Nchw::new(2, 5, 7, 9);
    let (x, y) = (values("x", shape.len()), values("y", shape.len()));
    let mut outcomes = Vec::new();
    for relu in [false, true] {
        let sum = run_once(Task::Add { shape, relu }, None, &x, Some(&y), shape.len());
        outcomes.push(compare("add", &sum, &reference::residual_add(&x, &y, relu), TOLERANCE));
        let (weight, bias) = (values("scale", 5), values("shift", 5));
        let expected = reference::batch_norm_relu(&x, shape, &weight, &bias, relu);
        let norm = run_once(Task::BatchNorm { shape, relu }, Some(Folded { weight, bias }), &x, None, shape.len());
        outcomes.push(compare("batch norm", &norm, &expected, TOLERANCE));
    }
    for (kernel_size, stride, padding) in [(3, 2, 1), (2, 2, 0), (3, 1, 1), (5, 3, 2)] {
        let pool = PoolSpec { kernel_size, stride, padding };
        let output = pool.output_shape(shape).unwrap();
        let expected = reference::max_pool(&x, shape, output, pool);
        let pooled = run_once(Task::MaxPool { pool, input: shape, output }, None, &x, None, output.len());
        outcomes.push(compare("max pool", &pooled, &expected, TOLERANCE));
    }
    let mean = run_once(Task::GlobalAvgPool { input: shape }, None, &x, None, 10);
    outcomes.push(compare("average", &mean, &reference::global_avg_pool(&x, shape), TOLERANCE));
    let soft = run_once(Task::Softmax { n: 6, classes: 105 }, None, &x, None, x.len());
    let expected = reference::softmax(&x, 105);
    outcomes.push(compare("softmax", &soft, &expected, TOLERANCE));
    // Of one class: the sigmoid, which overflows on neither side.
    let scores = [-1.2026, 0.0, 3.5, -200.0, 200.0];
    let sigmoid = run_once(Task::Softmax { n: 5, classes: 1 }, None, &scores, None, 5);
    outcomes.push(compare("sigmoid", &sigmoid, &reference::softmax(&scores, 1), TOLERANCE));
    // The number of features is not a multiple of the sixteen partial sums.
    let (weight, bias) = (values("weight", 63 * 7), values("bias", 7));
    let expected = reference::linear(&x, &weight, &bias, 63);
    let task = Task::Linear { n: 10, in_features: 63, out_features: 7, weight_dtype: GpuDtype::F32 };
    let linear = run_once(task, Some(Folded { weight, bias }), &x, None, 70);
    outcomes.push(compare("linear", &linear, &expected, TOLERANCE));
    demand(outcomes);
}

/// The comparator must detect a wrong weight, or the tests above prove nothing.
#[test]
fn a_wrong_weight_shows() {
    let spec = Conv2dSpec { in_channels: 8, out_channels: 8, kernel_size: 3, stride: 1, padding: 1, groups: 2 };
    let input = Nchw::new(1, 8, 5, 5);
    let (x, mut weight, bias) = (values("x", input.len()), values("weight", spec.weight_len()), vec![0.0; 8]);
    let launch = ConvLaunch { spec, input, output: input, epilogue: Epilogue::default(), weight_dtype: GpuDtype::F32 };
    let run = |weight: &[f32]| {
        let folded = Folded { weight: weight.to_vec(), bias: bias.clone() };
        run_once(Task::Convolution(launch, ConvKernel::Direct), Some(folded), &x, None, input.len())
    };
    let expected: Vec<f64> = run(&weight).into_iter().map(f64::from).collect();
    weight[100] += 0.01;
    assert!(compare("wrong", &run(&weight), &expected, TOLERANCE).is_err());
}

/// A batch gives the same outputs as its pictures one by one; the plan's dtype for the GPU's weights has no effect here.
#[test]
fn batches_and_weight_types_give_the_same_answers() {
    pollster::block_on(async {
        let model = Model::untrained(ResNextConfig::preset("resnext29_8x64d").unwrap());
        let one = Classifier::load(Device::Cpu, &model, PlanKind::Fused, |_| {}).await.unwrap();
        let f16 = LoadOptions { weight_dtype: GpuDtype::F16, batch: 3, ..LoadOptions::default() };
        let three = Classifier::load(Device::Cpu, &model, f16, |_| {}).await.unwrap();
        let input = values("pictures", three.graph().input_shape().len());
        let batch = three.classify_batch(&input).await.unwrap();
        for (picture, answer) in input.chunks(input.len() / 3).zip(&batch) {
            assert_eq!(one.classify(picture).await.unwrap().logits, answer.logits);
        }
        assert_eq!(one.profile(&input[..input.len() / 3]).await.unwrap().len(), one.plan().steps.len());
        let at_least = one.plan().weight_bytes() + one.plan().activation_bytes();
        assert!((at_least - at_least / 50..at_least + at_least / 50).contains(&one.bytes()), "{}", one.bytes());
    });
}

#[test]
fn an_input_of_another_size_is_refused_and_the_next_runs() {
    pollster::block_on(async {
        let config = ResNextConfig::preset("resnext29_8x64d").unwrap();
        let graph = Graph::build(&config, 1, (8, 8), BlockForm::C).unwrap();
        let plan = Plan::new(graph, PlanKind::Fused).unwrap();
        let engine = Engine::build(&Device::Cpu, plan, &Model::untrained(config), &|_| {}).await.unwrap();
        let error = engine.run(&[0.0; 7]).await.unwrap_err();
        assert!(matches!(error, Error::Cpu(CpuError::Input { expected: 192, got: 7 })), "{error}");
        assert!(engine.run(&[0.5; 192]).await.is_ok());
    });
}
