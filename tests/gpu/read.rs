//! Activations read out of the course of a run on the GPU.

use std::rc::Rc;

use crate::common;
use crate::common::compare::{compare, demand};
use crate::common::fixture::{Fixture, SMALL, golden, small};
use crate::common::prng::{self, Generated};
use crate::common::read;
use cardinal::gpu::Engine;
use cardinal::model::{BlockForm, Graph, ResNextConfig};
use cardinal::plan::{Plan, PlanKind};

#[test]
fn every_activation_can_be_read_out_of_a_run() {
    pollster::block_on(async {
        let gpu = Rc::new(common::gpu().await);
        let mut outcomes = Vec::new();
        for name in SMALL {
            let [weights, io] = small(name);
            for kind in [PlanKind::Plain, PlanKind::Fused] {
                outcomes.extend(read::check(&gpu, &weights, &io, kind, BlockForm::C).await);
            }
        }
        demand(outcomes);
    });
}

/// A GPU that has not shown its pace gets short submissions: nothing is lost where one ends.
#[test]
fn a_read_of_several_submissions_agrees() {
    pollster::block_on(async {
        let gpu = Rc::new(common::gpu().await);
        let bytes = golden("full/resnext50_32x4d.safetensors");
        let fixture = Fixture::parse(&bytes);
        let (seed, shape) = (fixture.number("seed") as u64, fixture.numbers("input"));
        let config = ResNextConfig::preset(fixture.name()).unwrap();
        let graph = Graph::build(&config, shape[0], (shape[2], shape[3]), BlockForm::C).unwrap();
        let plan = Plan::new(graph, PlanKind::Fused).unwrap();
        assert!(plan.macs() > 4_000_000_000 && plan.submissions(125_000_000).len() > 10);
        let blocks: Vec<String> = plan.graph.blocks.iter().map(|block| block.name.clone()).collect();
        let names: Vec<&str> = blocks.iter().map(String::as_str).collect();
        let engine = Engine::build(&gpu, plan, &Generated { seed }, |_| {}).await.unwrap();
        let tensors: Vec<_> = names.iter().map(|name| engine.plan().written(name).unwrap()).collect();
        let input = prng::normal(seed, "input", shape.iter().product(), 1.0);
        let read = engine.read(&input, &tensors).await.unwrap();
        demand(names.iter().map(|name| {
            let indices = fixture.indices(&format!("{name}.idx")).unwrap();
            let sample: Vec<f32> = indices.iter().map(|&index| read.values(name)[index]).collect();
            compare(name, &sample, &fixture.f64(&format!("{name}.val64")).unwrap(), 5e-5)
        }));
    });
}
