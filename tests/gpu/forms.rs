//! Xie et al. 2017, Figure 3: with the same weights, a block computes the same function as summed branches (A), concatenated
//! branches (B), or one grouped convolution (C).

use std::rc::Rc;

use crate::common;
use crate::common::compare::{Deviation, compare, demand};
use crate::common::prng::{self, Generated};
use cardinal::classifier::{BlockForms, Device};
use cardinal::gpu::{Engine, Gpu};
use cardinal::model::{BlockForm, Graph, ResNextConfig};
use cardinal::plan::{GpuDtype, Outputs, Plan, PlanKind, PlanOptions, Tuning};

/// Tolerance relative to the peak, of one form against another.
const TOLERANCE: f64 = 1e-5;

async fn outputs(gpu: &Rc<Gpu>, config: &ResNextConfig, form: BlockForm, kind: PlanKind) -> Outputs {
    let graph = Graph::build(config, 2, (17, 14), form).unwrap();
    let input = prng::normal(3, "input", graph.input_shape().len(), 1.0);
    let names: Vec<String> = graph.blocks.iter().map(|block| block.name.clone()).collect();
    let names: Vec<&str> = names.iter().map(String::as_str).collect();
    let plan = Plan::with_outputs(graph, kind, &names).unwrap();
    let engine = Engine::build(gpu, plan, &Generated { seed: 3 }, |_| {}).await.unwrap();
    engine.run(&input).await.unwrap().outputs
}

#[test]
fn the_three_forms_agree_with_each_other() {
    let plain = ResNextConfig { blocks: vec![1, 2, 1], ..ResNextConfig::preset("resnext20_8x8d").unwrap() };
    let many = ResNextConfig { cardinality: 32, base_width: 2, ..plain.clone() };
    let biased = ResNextConfig { conv_bias: true, cardinality: 4, base_width: 14, ..plain.clone() };
    pollster::block_on(async {
        let gpu = Rc::new(common::gpu().await);
        for config in [plain, many, biased] {
            for kind in [PlanKind::Plain, PlanKind::Fused] {
                let grouped = outputs(&gpu, &config, BlockForm::C, kind).await;
                for form in [BlockForm::A, BlockForm::B] {
                    let branched = outputs(&gpu, &config, form, kind).await;
                    demand(grouped.iter().map(|output| {
                        let expected: Vec<f64> = output.values.iter().map(|&value| f64::from(value)).collect();
                        let what = format!("{} {kind} {form:?} {}", config.template(), output.name);
                        let outcome = compare(&what, branched.values(&output.name), &expected, TOLERANCE);
                        println!("{what}: {outcome:?}");
                        outcome
                    }));
                }
            }
        }
    });
}

/// One block by itself in each form, as the page runs it: from one upload of weights, on one input.
async fn alone(
    gpu: &Rc<Gpu>,
    config: &ResNextConfig,
    block: &str,
    options: PlanOptions,
) -> Vec<Result<Deviation, String>> {
    let side = config.stem.default_input_size().min(64);
    let network = Graph::build(config, 1, (side, side), BlockForm::C).unwrap();
    let input = prng::uniform(3, "input", network.tensors[network.block_input(block).unwrap()].shape.len(), 0.0, 2.0);
    let source = Generated { seed: 3 };
    let forms = BlockForms::load(&Device::from(gpu), &source, (&network, block), options, input).await.unwrap();
    for form in BlockForm::ALL {
        assert!(!forms.plan(form).options.tuning.unwrap().product_f16, "products in f16 are rounded otherwise");
    }
    let grouped = forms.run(BlockForm::C).await.unwrap().outputs;
    let expected: Vec<f64> = grouped.values(block).iter().map(|&value| f64::from(value)).collect();
    let mut outcomes = Vec::new();
    for form in [BlockForm::A, BlockForm::B] {
        let outputs = forms.run(form).await.unwrap().outputs;
        let what = format!("{} {block} {options} {form:?}", config.template());
        let outcome = compare(&what, outputs.values(block), &expected, TOLERANCE);
        println!("{what}: {outcome:?}");
        outcomes.push(outcome);
    }
    outcomes
}

#[test]
fn a_block_by_itself_gives_the_same_in_all_forms() {
    let preset = |name| ResNextConfig::preset(name).unwrap();
    let shipped = cardinal::zoo::offers().remove(0).config;
    let at = |cardinality, base_width| ResNextConfig { cardinality, base_width, ..shipped.clone() };
    pollster::block_on(async {
        let gpu = Rc::new(common::gpu().await);
        let mut outcomes = Vec::new();
        for (config, block) in [
            (at(1, 41), "layer1.0"),
            (shipped.clone(), "layer2.0"),
            (at(32, 2), "layer3.1"),
            (preset("resnext50_32x4d"), "layer1.1"),
            (preset("resnext50_biased"), "layer2.0"),
        ] {
            for kind in [PlanKind::Fused, PlanKind::Plain] {
                // Kernels that multiply in f16 round each product: the forms do without.
                let mut half = Tuning::GPU;
                half.product_f16 = true;
                for (weight_dtype, tuning) in [(GpuDtype::F32, gpu.tuning()), (GpuDtype::F16, half)] {
                    let options = PlanOptions { kind, weight_dtype, tuning: Some(tuning) };
                    outcomes.extend(alone(&gpu, &config, block, options).await);
                }
            }
        }
        demand(outcomes);
    });
}
