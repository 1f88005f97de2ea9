//! Xie et al. 2017, Figure 3: with the same weights, a block computes the same function as summed branches (A), concatenated
//! branches (B), or one grouped convolution (C).

use std::rc::Rc;

use crate::common;
use crate::common::compare::{compare, demand};
use crate::common::prng::{self, Generated};
use cardinal::gpu::{Engine, Gpu};
use cardinal::model::{BlockForm, Graph, ResNextConfig};
use cardinal::plan::{Outputs, Plan, PlanKind};

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
