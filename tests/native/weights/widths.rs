//! Widths, outputs, cardinalities and strides that follow no rule: read from the shapes, and run.

use cardinal::classifier::{Device, Engine};
use cardinal::model::{BlockForm, Graph, WidthRule, equal_cost_family};
use cardinal::plan::{Plan, PlanKind};
use cardinal::weights::{Checkpoint, Untrained};

use super::refused;
use super::support::{File, Net};
use crate::common::compare::{compare, demand};
use crate::common::{field, values};

#[test]
fn free_widths_load_and_answer_as_pytorch_does() {
    let checkpoint = field::open("free_widths");
    let config = checkpoint.config();
    let rule = WidthRule::PerStage { widths: vec![15, 30, 60], groups: vec![3, 3, 3] };
    assert_eq!((&config.width_rule, &config.out_channels[..]), (&rule, &[28, 36, 64][..]));
    assert_eq!(config.title(), "ResNeXt-14, 3 groups, widths 15-30-60");
    assert_eq!(equal_cost_family(config).unwrap(), std::slice::from_ref(config));
    assert!(serde_json::to_value(config).unwrap().get("base_width").is_none(), "none fits");
    pollster::block_on(async {
        let mut outcomes = Vec::new();
        for kind in [PlanKind::Plain, PlanKind::Fused] {
            for form in [BlockForm::A, BlockForm::B, BlockForm::C] {
                outcomes.push(field::check(&Device::Cpu, ("free_widths", "free_widths.io"), kind, form).await);
            }
        }
        demand(outcomes);
    });
}

/// Outputs that are no multiples of four, and another cardinality in each stage.
fn odd() -> File {
    let mut file = Net { widths: vec![6, 10, 21], cardinality: 1, ..Net::tiny() }.file("F32");
    for tensor in &mut file.tensors {
        for size in &mut tensor.shape {
            // The outputs of the tiny network's stages.
            *size = match *size {
                16 => 15,
                32 => 33,
                256 => 7,
                other => other,
            };
        }
        let (stage, part) = tensor.name.split_once('.').unwrap();
        if part.ends_with("conv2.weight") {
            tensor.shape[1] /= match stage {
                "layer1" => 3,
                "layer2" => 5,
                _ => 21,
            };
        }
        let len = tensor.shape.iter().product::<u64>() as usize;
        tensor.bytes.resize(if tensor.dtype == "I64" { 8 } else { 4 * len }, 0);
    }
    file
}

#[test]
fn each_stage_may_have_its_own_cardinality_and_any_output() {
    let checkpoint = Checkpoint::parse(odd().bytes()).unwrap();
    let config = checkpoint.config();
    assert_eq!(config.out_channels, [15, 33, 7]);
    assert_eq!([config.groups(0), config.groups(1), config.groups(2)], [3, 5, 21]);
    assert_eq!(config.title(), "ResNeXt-14, 3-5-21 groups, widths 6-10-21");
    let graph = Graph::build(config, 1, (9, 9), BlockForm::C).unwrap();
    let widths: Vec<String> = graph.blocks.iter().map(|block| block.widths()).collect();
    assert_eq!(widths, ["4→6→15, 3×2", "15→10→33, 5×2", "33→10→33, 5×2", "33→21→7, 21×1"]);
}

/// The three forms compute the same function, so what is wrong in one of them shows; with the strides of both conventions.
#[test]
fn all_forms_agree_at_odd_sizes_and_with_either_stride() {
    let mut config = Checkpoint::parse(odd().bytes()).unwrap().config().clone();
    pollster::block_on(async {
        let mut all = Vec::new();
        for stride_in_1x1 in [false, true] {
            config.stride_in_1x1 = stride_in_1x1;
            let mut answers: Vec<Vec<f32>> = Vec::new();
            for form in [BlockForm::C, BlockForm::B, BlockForm::A] {
                for kind in [PlanKind::Plain, PlanKind::Fused] {
                    let graph = Graph::build(&config, 1, (19, 14), form).unwrap();
                    let input = values("input", graph.input_shape().len());
                    let plan = Plan::new(graph, kind).unwrap();
                    let engine = Engine::build(&Device::Cpu, plan, &Untrained { seed: 3 }, &|_| {}).await.unwrap();
                    answers.push(engine.run(&input).await.unwrap().outputs.values("logits").to_vec());
                }
            }
            let expected: Vec<f64> = answers[0].iter().map(|&value| f64::from(value)).collect();
            demand(answers.iter().map(|answer| compare("a form", answer, &expected, 1e-5)));
            all.push(expected);
        }
        assert_ne!(all[0], all[1], "the two conventions are two networks");
    });
}

#[test]
fn the_stride_in_the_first_1x1_is_read_where_it_is_stated() {
    let states =
        |config: &str| Checkpoint::parse(Net::tiny().file("F32").with_config(config).bytes()).unwrap().config().clone();
    assert!(!states("{}").stride_in_1x1);
    let caffe = states(r#"{"stride_in_1x1": true}"#);
    let graph = Graph::build(&caffe, 1, (16, 16), BlockForm::C).unwrap();
    let told = |name: &str| graph.layers.iter().find(|layer| layer.name == name).unwrap().op.to_string();
    assert_eq!([told("layer2.0.conv1"), told("layer2.0.conv2")], ["conv 1×1 /2", "conv 3×3 /1 2×4"]);
    assert_eq!([told("layer2.1.conv1"), told("layer2.0.downsample.0")], ["conv 1×1 /1", "conv 1×1 /2"]);
    refused(
        Net::tiny().file("F32").with_config(r#"{"stride_in_1x1": 1}"#).bytes(),
        &["`stride_in_1x1`", "true or false"],
    );
}

#[test]
fn what_is_stated_of_free_widths_must_agree() {
    let free =
        |config: &str| File::read("tests/data/field/checkpoints/free_widths.safetensors").with_config(config).bytes();
    for config in [
        r#"{"widths": [15, 30, 60], "out_channels": [28, 36, 64], "planes": [7, 9, 16], "cardinality": 3}"#,
        r#"{"width_rule": "per_stage", "cardinality": [3, 3, 3]}"#,
    ] {
        assert_eq!(Checkpoint::parse(free(config)).unwrap().config(), field::open("free_widths").config());
    }
    for (config, words) in [
        (r#"{"base_width": 5}"#, ["`base_width` is 5", "[15, 30, 60]"]),
        (r#"{"width_rule": "base_width"}"#, ["`width_rule`", "[15, 30, 60]"]),
        (r#"{"widths": [15, 30, 61]}"#, ["`widths`", "[15, 30, 60]"]),
        (r#"{"cardinality": [3, 3, 5]}"#, ["`cardinality`", "[3, 3, 3]"]),
        (r#"{"out_channels": [28, 36, 65]}"#, ["`out_channels`", "[28, 36, 64]"]),
    ] {
        refused(free(config), &words);
    }
    for (field, value, words) in
        [("cardinality", "3", "[3, 5, 21], stage by stage"), ("planes", "[4, 8, 2]", "[15, 33, 7] output channels")]
    {
        refused(odd().with_config(&format!("{{\"{field}\": {value}}}")).bytes(), &[field, words]);
    }
}
