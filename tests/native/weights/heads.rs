//! Heads without a bias, of one logit, and none at all.

use cardinal::classifier::{Classifier, Device, Model, answers};
use cardinal::model::BlockForm;
use cardinal::plan::{FEATURES, LOGITS, PROBABILITIES, PlanKind};
use cardinal::weights::{Checkpoint, TensorSource};

use super::refused;
use super::support::File;
use crate::common::compare::{compare, demand};
use crate::common::field::{self, open, read, run};

fn file(name: &str) -> File {
    File::read(&format!("tests/data/field/checkpoints/{name}.safetensors"))
}

/// The field's logits and the bias that the twin has and this file does not: without it they are less by just that.
#[test]
fn a_head_without_bias_has_one_of_zero() {
    let checkpoint = open("no_fc_bias");
    assert!(!checkpoint.config().head_bias && checkpoint.config().num_classes == 6);
    let bias = open("twin").tensor("fc.bias", &[6]).unwrap().to_vec();
    let with = field::values(&read("io"), "logits64");
    let expected: Vec<f64> = with.iter().zip(&bias).map(|(&logit, &bias)| f64::from(logit) - f64::from(bias)).collect();
    pollster::block_on(async {
        for kind in [PlanKind::Plain, PlanKind::Fused] {
            let outputs = run(&Device::Cpu, &checkpoint, "io", kind, BlockForm::C).await;
            demand([compare("no bias", outputs.values(LOGITS), &expected, 5e-5)]);
        }
    });
}

#[test]
fn one_logit_is_a_sigmoid_and_its_complement() {
    let checkpoint = open("one_logit");
    let outputs = pollster::block_on(run(&Device::Cpu, &checkpoint, "io", PlanKind::Fused, BlockForm::C));
    let [logit] = outputs.values(LOGITS) else { panic!("{outputs:?}") };
    assert!((logit + 1.2026).abs() < 5e-5, "{logit}");
    let probabilities = answers(outputs.values(PROBABILITIES).to_vec());
    assert!((probabilities[1] - 0.2310).abs() < 5e-5, "{probabilities:?}");
    assert!((probabilities[0] - 0.7690).abs() < 5e-5, "{probabilities:?}");
}

/// Over pictures of the network's own size, as the page gives them.
#[test]
fn the_likelier_answer_of_one_logit_comes_first_with_its_name() {
    let (model, tensor) = model("one_logit");
    let answer = pollster::block_on(async {
        Classifier::load(Device::Cpu, &model, PlanKind::Fused, |_| {}).await.unwrap().classify(&tensor).await.unwrap()
    });
    let sum: f32 = answer.probabilities.iter().sum();
    assert!((sum - 1.0).abs() < 1e-6 && answer.logits.len() == 1);
    let sigmoid = 1.0 / (1.0 + (-answer.logits[0]).exp());
    let [first, second] = &answer.top_k[..] else { panic!("{:?}", answer.top_k) };
    assert!(first.probability >= second.probability && first.probability < 0.999);
    let yes = if first.index == 1 { first } else { second };
    assert!((yes.probability - sigmoid).abs() < 1e-6);
    assert_eq!(yes.label.as_deref(), Some("cat rather than dog"));
    let no = if first.index == 0 { first } else { second };
    assert_eq!(no.label.as_deref(), Some("not “cat rather than dog”"));
}

#[test]
fn one_logit_may_name_both_of_its_answers() {
    let named = |names: &str| file("one_logit").with_config(&format!("{{\"classes\": {names}}}"));
    let classes = Checkpoint::parse(named(r#"["dog", "cat"]"#).bytes()).unwrap().metadata().classes.clone();
    assert_eq!(classes.unwrap(), ["dog", "cat"]);
    refused(named(r#"["a", "b", "c"]"#).bytes(), &["`classes`", "1 or 2 names, as fc has one row"]);
}

/// A network without a head computes features; what a description says of the whole network's classes is no contradiction.
#[test]
fn no_head_gives_features() {
    let checkpoint = open("no_head");
    assert_eq!((checkpoint.config().num_classes, checkpoint.config().num_answers()), (0, 0));
    let stated = file("no_head").with_config(r#"{"num_classes": 2, "classes": ["a", "b"], "strides": [1, 2, 2]}"#);
    let stated = Checkpoint::parse(stated.bytes()).unwrap();
    assert_eq!((stated.config(), stated.metadata().classes.as_ref()), (checkpoint.config(), None));

    let features = pollster::block_on(run(&Device::Cpu, &checkpoint, "io", PlanKind::Fused, BlockForm::C));
    assert!(features.get(LOGITS).is_none() && features.get(PROBABILITIES).is_none());
    // The twin's head makes the field's logits of them.
    let twin = open("twin");
    let (weight, bias) = (twin.tensor("fc.weight", &[6, 128]).unwrap(), twin.tensor("fc.bias", &[6]).unwrap());
    let logits = weight.chunks_exact(128).zip(bias.iter()).map(|(row, bias)| {
        row.iter().zip(features.values(FEATURES)).map(|(weight, value)| weight * value).sum::<f32>() + bias
    });
    let expected: Vec<f64> = field::values(&read("io"), "logits64").into_iter().map(f64::from).collect();
    demand([compare("features", &logits.collect::<Vec<_>>(), &expected, 5e-5)]);

    let (model, tensor) = model("no_head");
    let answer = pollster::block_on(async {
        Classifier::load(Device::Cpu, &model, PlanKind::Fused, |_| {}).await.unwrap().classify(&tensor).await.unwrap()
    });
    assert!(answer.logits.is_empty() && answer.probabilities.is_empty() && answer.top_k.is_empty());
    assert_eq!(answer.outputs.values(FEATURES).len(), 128);
}

/// The model of a file of the field, and a picture for it.
fn model(name: &str) -> (Model, Vec<f32>) {
    let model = pollster::block_on(Model::open(name, std::rc::Rc::new(read(name)), None)).unwrap();
    let side = model.input_size();
    (model, crate::common::values("picture", 3 * side * side))
}

#[test]
fn the_shape_of_a_head_that_is_there_is_still_checked() {
    refused(file("one_logit").with_config(r#"{"num_classes": 10}"#).bytes(), &["`num_classes` is 10", "give 1"]);
    refused(file("twin").without(&["fc.weight"]).bytes(), &["missing (1): fc.weight"]);
}
