//! Weights and activations in f16 on the GPU: the memory they save, their rounding errors, and the values they refuse. Kernels and networks
//! with such weights are tested together with those in f32, in `kernels/` and `golden.rs`.

use std::borrow::Cow;
use std::rc::Rc;

use crate::common::compare::compare;
use crate::common::unit::TOLERANCE;
use crate::common::{self, bytes, rounded, values};
use cardinal::Error;
use cardinal::classifier::{Device, Engine};
use cardinal::gpu::{Gpu, GpuError};
use cardinal::kernels::{ConvKernel, conv2d_pointwise};
use cardinal::model::{BlockForm, Graph, PRESETS, ResNextConfig};
use cardinal::plan::{GpuDtype, LOGITS, Plan, PlanKind, PlanOptions, Task, Tuning};
use cardinal::reference;
use cardinal::shape::Conv2dSpec;
use cardinal::weights::{TensorSource, WeightError};
use half::f16;

fn graph(name: &str) -> Graph {
    let config = ResNextConfig::preset(name).unwrap();
    let side = config.stem.default_input_size();
    Graph::build(&config, 1, (side, side), BlockForm::C).unwrap()
}

const F16: PlanOptions = PlanOptions { kind: PlanKind::Fused, weight_dtype: GpuDtype::F16, tuning: None };

#[test]
fn f16_halves_the_weights_and_nothing_else() {
    for name in PRESETS {
        let (single, half) = (Plan::new(graph(name), PlanKind::Fused).unwrap(), Plan::new(graph(name), F16).unwrap());
        assert_eq!(single.activation_bytes(), half.activation_bytes(), "{name}");
        assert_eq!(single.steps.len(), half.steps.len(), "{name}");
        for (single, half) in single.weights.iter().zip(&half.weights) {
            assert_eq!((&single.label, single.len, single.bytes()), (&half.label, half.len, 4 * half.len));
            if half.label.ends_with(".weight") {
                // Buffers hold whole elements of the shader's array, of 16 bytes each.
                assert_eq!(half.bytes(), (2 * half.len).next_multiple_of(16), "{name} {}", half.label);
            } else {
                assert_eq!((half.dtype, half.bytes()), (GpuDtype::F32, single.bytes()), "{name} {}", half.label);
            }
        }
        assert_eq!(half.gpu_bytes(), half.weight_bytes() + half.activation_bytes());
        let ratio = half.weight_bytes() as f64 / single.weight_bytes() as f64;
        assert!((0.5..0.51).contains(&ratio), "{name}: {ratio}");
    }
    let text = Plan::new(graph("resnext50_32x4d"), F16).unwrap().to_string();
    assert!(
        text.contains("weights in f16") && text.contains(".stride_2.oc_vectors_2.pixels_7.unroll_rows.weight_f16"),
        "{text}"
    );
}

#[test]
fn f16_halves_the_activations_and_nothing_else() {
    for name in PRESETS {
        for kind in [PlanKind::Plain, PlanKind::Fused] {
            let single = Plan::new(graph(name), kind).unwrap();
            let mut tuning = Tuning::default();
            tuning.activation_f16 = true;
            let options = PlanOptions { tuning: Some(tuning), ..kind.into() };
            let half = Plan::with_outputs(graph(name), options, &["layer1.0"]).unwrap();
            assert_eq!(half.outputs[0].dtype, GpuDtype::F16, "{name} {kind}");
            assert_eq!(half.outputs[0].bytes(), 2 * half.outputs[0].shape.len());
            assert!(half.outputs[1..].iter().all(|output| output.dtype == GpuDtype::F32));
            assert_eq!(half.written("layer1.0").unwrap().output.dtype, GpuDtype::F16);
            assert!(half.to_string().contains("weights in f32, activations in f16, input"));

            let half = Plan::new(graph(name), options).unwrap();
            assert_eq!((half.weight_bytes(), half.macs()), (single.weight_bytes(), single.macs()), "{name} {kind}");
            let ratio = half.activation_bytes() as f64 / single.activation_bytes() as f64;
            assert!((0.499..0.51).contains(&ratio), "{name} {kind}: {ratio}");
            assert!(half.lower_bound <= half.activation_bytes());
            for (single, half) in single.steps.iter().zip(&half.steps) {
                let is_small = matches!(half.task, Task::Linear { .. } | Task::Softmax { .. });
                assert_eq!(half.dispatch.kernel == single.dispatch.kernel, is_small, "{}", half.label);
                assert_eq!(half.bytes == single.bytes, is_small, "{}", half.label);
                assert!(half.bytes * 2 >= single.bytes, "{}", half.label);
            }
        }
    }
}

/// A network whose first batch norm makes values beyond f16, and whose others are small.
struct Large;

impl TensorSource for Large {
    fn tensor(&self, name: &str, shape: &[usize]) -> Result<Cow<'_, [f32]>, WeightError> {
        let value = match name {
            "bn1.weight" => 1e6,
            name if name.ends_with("running_var") => 1.0,
            _ => 0.01,
        };
        Ok(vec![value; shape.iter().product()].into())
    }
}

/// As an infinity a value could vanish in a ReLU behind it: the run itself must fail.
#[test]
fn a_value_that_f16_cannot_hold_ends_the_run_and_the_next_plan_has_f32() {
    pollster::block_on(async {
        let gpu = Rc::new(common::gpu().await);
        if !gpu.adapter().f16 {
            return println!("{} has no shader-f16", gpu.adapter().name);
        }
        for kind in [PlanKind::Plain, PlanKind::Fused] {
            let gpu = Rc::new(Gpu::request().await.unwrap());
            let mut half = gpu.tuning();
            half.activation_f16 = true;
            gpu.set_tuning(half);
            assert!(gpu.tuning().activation_f16);
            let device = Device::Gpu(gpu.clone());
            let graph = || Graph::build(&ResNextConfig::cifar(1, 2, 8), 1, (32, 32), BlockForm::C).unwrap();
            let build = async |tuning| {
                let options = PlanOptions { tuning: Some(tuning), ..kind.into() };
                Engine::build(&device, Plan::new(graph(), options).unwrap(), &Large, &|_| {}).await.unwrap()
            };
            let engine = build(gpu.tuning()).await;
            let input = vec![0.5; engine.plan().graph.input_shape().len()];
            let outside = |error: Error| matches!(error, Error::Gpu(GpuError::ActivationOutsideF16));
            assert!(outside(engine.run(&input).await.unwrap_err()));
            assert!(outside(engine.read(&input, &["layer1.0"]).await.unwrap_err()));
            // The next run begins anew, and an input of zeros stays small: 0.01 are the shifts.
            let run = engine.run(&vec![0.0; input.len()]).await.unwrap();
            assert!(run.outputs.values(LOGITS).iter().all(|logit| logit.is_finite()));
            let large = vec![1e5; input.len()];
            assert!(outside(engine.run(&large).await.unwrap_err()), "an input too");

            assert!(!gpu.tuning().activation_f16);
            gpu.set_tuning(half);
            assert!(!gpu.tuning().activation_f16, "a tuning of a former visit does not bring it back");
            let run = build(gpu.tuning()).await.run(&input).await.unwrap();
            assert!(run.outputs.values(LOGITS).iter().all(|logit| logit.is_finite()));
        }
    });
}

/// On a software adapter activations in f16 are not even tried, and a tuning that has them passes its check.
#[test]
fn a_software_adapter_does_not_choose_it() {
    pollster::block_on(async {
        let gpu = common::gpu().await;
        if gpu.adapter().software {
            assert!(!gpu.tune().await.unwrap().tuning.activation_f16);
        }
    });
}

/// All values are 1, except batch norm's weight of 1e6, which makes folded weights that f16 cannot hold.
struct Steep;

impl TensorSource for Steep {
    fn tensor(&self, name: &str, shape: &[usize]) -> Result<Cow<'_, [f32]>, WeightError> {
        let value = if name == "bn1.weight" { 1e6 } else { 1.0 };
        Ok(vec![value; shape.iter().product()].into())
    }
}

#[test]
fn a_weight_that_f16_cannot_hold_is_refused_by_name() {
    let load = |options: PlanOptions| {
        let plan = Plan::new(graph("resnext29_8x64d"), options).unwrap();
        plan.uploads.iter().map(|upload| plan.load(upload, &Steep)).collect::<Result<Vec<_>, _>>()
    };
    let error = load(F16).unwrap_err();
    let WeightError::OutsideF16 { tensor, value } = &error else { panic!("{error:?}") };
    assert_eq!(tensor, "conv1.weight");
    assert!((9e5..=1e6).contains(value), "{value}");
    assert!(error.to_string().contains("conv1.weight") && error.to_string().contains("f32"), "{error}");
    // f32 holds the value, and without folding it fits into f16.
    assert!(load(PlanKind::Fused.into()).is_ok());
    assert!(load(PlanOptions { kind: PlanKind::Plain, ..F16 }).is_ok());
}

/// Runs a linear layer with weights in f16 on one picture.
async fn run(x: &[f32], weight: &[f32], bias: &[f32]) -> Vec<f32> {
    let gpu = common::gpu().await;
    let (in_features, out_features, weight_dtype) = (x.len(), bias.len(), GpuDtype::F16);
    let spec = Conv2dSpec::pointwise(in_features, out_features);
    let kernel = ConvKernel::Pointwise(conv2d_pointwise::Tile::LINEAR);
    let packed = weight_dtype.encode(kernel.pack(spec, weight)).unwrap();
    let dispatch = Task::Linear { n: 1, in_features, out_features, weight_dtype }.dispatch().unwrap();
    let inputs = [bytes(x), packed.bytes(), bytes(bias), bytes(bias)];
    gpu.run_once(&dispatch, &inputs, bias.len()).await.unwrap()
}

/// Kernels are compared with references that use rounded weights. Against unrounded weights the comparison must fail, or
/// those tests would not check what is stored.
#[test]
fn weights_are_rounded_and_the_comparator_sees_it() {
    let (x, weight, bias) = (values("x", 40), values("weight", 280), values("bias", 7));
    let output = pollster::block_on(run(&x, &weight, &bias));
    let twin = |weight: &[f32]| reference::linear(&x, weight, &bias, 40);
    assert!(compare("rounded", &output, &twin(&rounded(&weight, GpuDtype::F16)), TOLERANCE).is_ok());
    assert!(compare("not rounded", &output, &twin(&weight), TOLERANCE).is_err());
}

/// Both zeros, subnormal numbers, the smallest normal number, and the largest number.
#[test]
fn every_kind_of_f16_arrives_as_it_is() {
    let magnitudes = [0x0000, 0x0001, 0x01ff, 0x03ff, 0x0400, 0x0401, 0x3555, 0x3c00, 0x7bfe, 0x7bff_u16];
    let bits = magnitudes.iter().flat_map(|&bits| [bits, bits | 0x8000]);
    let weight: Vec<f32> = bits.map(|bits| f16::from_bits(bits).to_f32()).collect();
    assert_eq!(pollster::block_on(run(&[1.0], &weight, &vec![0.0; weight.len()])), weight);
}
