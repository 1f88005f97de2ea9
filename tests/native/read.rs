//! Activations read out of the course of a run: on the CPU, and where a plan says that they are.

use crate::common::compare::demand;
use crate::common::fixture::{SMALL, small};
use crate::common::read;
use cardinal::classifier::{Device, Engine, Model};
use cardinal::model::{BlockForm, Graph, ResNextConfig};
use cardinal::plan::{Plan, PlanError, PlanKind};
use cardinal::{Error, cpu::CpuError};

#[test]
fn every_activation_can_be_read_out_of_a_run() {
    pollster::block_on(async {
        let mut outcomes = Vec::new();
        for name in SMALL {
            let [weights, io] = small(name);
            for kind in [PlanKind::Plain, PlanKind::Fused] {
                for form in [BlockForm::A, BlockForm::B, BlockForm::C] {
                    outcomes.extend(read::check(Device::Cpu, &weights, &io, kind, form).await);
                }
            }
        }
        demand(outcomes);
    });
}

fn plan(kind: PlanKind) -> Plan {
    let config = ResNextConfig::preset("resnext50_32x4d").unwrap();
    Plan::new(Graph::build(&config, 1, (224, 224), BlockForm::C).unwrap(), kind).unwrap()
}

#[test]
fn a_plan_says_after_which_step_a_tensor_is_where() {
    let plain = plan(PlanKind::Plain);
    for (index, layer) in plain.graph.layers.iter().enumerate() {
        let written = plain.written(&layer.name).unwrap();
        assert_eq!((written.step, &written.output.name), (index, &layer.name));
        assert_eq!(written.output.shape, plain.graph.tensors[layer.output].shape);
    }
    let fused = plan(PlanKind::Fused);
    for block in &fused.graph.blocks {
        for inside in ["bn1", "bn2"] {
            assert!(fused.written(&format!("{}.{inside}", block.name)).is_ok(), "{}.{inside}", block.name);
        }
        assert_eq!(fused.written(&block.name).unwrap().output.shape, block.output);
    }
}

#[test]
fn what_is_not_in_memory_says_so() {
    let fused = plan(PlanKind::Fused);
    let not_written = |name: &str, instead: &str| {
        let error = PlanError::NotWritten { name: name.into(), instead: instead.into() };
        assert_eq!(fused.written(name), Err(error));
    };
    not_written("layer1.0.conv1", "layer1.0.bn1");
    not_written("layer1.1.bn3", "layer1.1.add");
    not_written("layer2.0.downsample.0", "layer2.0.add");
    assert_eq!(fused.written("layer9.0"), Err(PlanError::UnknownOutput("layer9.0".into())));
    // The terms of form A's sum are scaled by the batch norm after it.
    let branches = Plan::new(fused.graph.block("layer1.1", BlockForm::A).unwrap(), PlanKind::Fused).unwrap();
    for scaled in ["layer1.1.conv3.branch0", "layer1.1.sum30"] {
        let error = PlanError::NotWritten { name: scaled.into(), instead: "layer1.1.bn3".into() };
        assert_eq!(branches.written(scaled), Err(error));
    }
    assert!(branches.written("layer1.1.bn3").is_ok());
    let text = fused.written("layer1.0.conv1").unwrap_err().to_string();
    assert!(text.contains("Ask for `layer1.0.bn1`") && text.contains("plain plan"), "{text}");
}

#[test]
fn a_refused_read_leaves_the_engine_in_order() {
    pollster::block_on(async {
        let config = ResNextConfig::preset("resnext29_8x64d").unwrap();
        let graph = Graph::build(&config, 1, (8, 8), BlockForm::C).unwrap();
        let plan = Plan::new(graph, PlanKind::Fused).unwrap();
        let engine = Engine::build(&Device::Cpu, plan, &Model::untrained(config), &|_| {}).await.unwrap();
        let error = engine.read(&[0.0; 7], &["bn1"]).await.unwrap_err();
        assert!(matches!(error, Error::Cpu(CpuError::Input { expected: 192, got: 7 })), "{error}");
        let error = engine.read(&[0.5; 192], &["bn1", "conv1"]).await.unwrap_err();
        assert!(matches!(error, Error::Plan(PlanError::NotWritten { .. })), "{error}");
        assert_eq!(engine.read(&[0.5; 192], &["bn1"]).await.unwrap().values("bn1").len(), 64 * 8 * 8);
        assert_eq!(engine.read(&[0.5; 192], &[]).await.unwrap().iter().count(), 0);
    });
}
