//! What describes a network: before its weights, with them, after them.

use cardinal::protocol::{LoadFailure, Notice};
use cardinal::zoo::Network;

use super::bench::Bench;
use super::fake::File;

const CONFIG: &str = include_str!("../../data/field/checkpoints/beside/config.json");
const SIX: &str = "one\ntwo\nthree\nfour\nfive\nsix\n";

fn own(bench: &Bench) -> &Network {
    assert_eq!(bench.choice.network, bench.networks.len() - 1, "the page turned to it");
    bench.networks.last().expect("a network")
}

fn labels(bench: &Bench) -> Vec<String> {
    bench.answers().last().expect("an answer").top.iter().map(|(label, _)| label.clone()).collect()
}

/// Everything that `CONFIG` says.
#[track_caller]
fn is_described(bench: &Bench) {
    let network = own(bench);
    assert_eq!(network.labels.as_ref().expect("names")[5], "fox");
    let preprocess = network.preprocess.as_ref().expect("it was read");
    assert_eq!((preprocess.crop, preprocess.resize, preprocess.mean[0], network.side), (48, 48, 0.5, 48));
    let reading = network.reading.as_ref().expect("it was read");
    assert!(!reading.strides_guessed && !reading.preparation_guessed);
    assert!(labels(bench).iter().all(|label| !label.starts_with("class ")), "{:?}", labels(bench));
}

#[test]
fn files_that_come_together_are_used_together() {
    let mut bench = Bench::started(true);
    bench.settle();
    bench.describe("config.json", CONFIG, true);
    bench.load(File::Undescribed);
    bench.settle();
    is_described(&bench);
    assert_eq!(bench.notices(), []);
    // They were for those weights alone.
    bench.load(File::Undescribed);
    bench.settle();
    assert_eq!(own(&bench).side, 32);
    assert!(own(&bench).reading.as_ref().is_some_and(|reading| reading.strides_guessed && reading.preparation_guessed));
}

#[test]
fn a_description_waits_for_its_weights() {
    let mut bench = Bench::started(true);
    bench.settle();
    let answers = bench.answers().len();
    bench.describe("config.json", CONFIG, false);
    bench.settle();
    assert_eq!(bench.notices(), [Notice::DescriptionKept { file: "config.json".into() }]);
    assert_eq!(bench.answers().len(), answers, "the network on offer is described already");
    bench.load(File::Undescribed);
    bench.settle();
    is_described(&bench);
}

#[test]
fn a_description_that_comes_after_its_weights_is_used_for_them() {
    let mut bench = Bench::started(true);
    bench.settle();
    bench.load(File::Undescribed);
    bench.settle();
    assert!(labels(&bench).iter().all(|label| label.starts_with("class ")));
    let answers = bench.answers().len();
    bench.describe("config.json", CONFIG, false);
    bench.settle();
    is_described(&bench);
    assert_eq!(bench.answers().len(), answers + 1, "it answers again");
    let used = Notice::Described { file: "config.json".into(), network: "own.safetensors".into() };
    assert_eq!(bench.notices(), [used]);
    // Names by themselves, and strides that were typed.
    bench.describe("classes.txt", SIX, false);
    bench.settle();
    assert_eq!(own(&bench).labels.as_ref().expect("names")[2], "three");
    assert_eq!(own(&bench).side, 48, "the rest stays");
    bench.describe("", r#"{"strides": [1, 1, 2], "input_size": 40, "resize": 40}"#, false);
    bench.settle();
    assert_eq!((own(&bench).config.strides.as_slice(), own(&bench).side), (&[1, 1, 2][..], 40));
    let setting = bench.answers().pop().expect("an answer").setting;
    assert_eq!(setting.config.strides, [1, 1, 2], "the answer follows");
    assert_eq!(bench.world.networks.get(), 1);
    assert_eq!(bench.notices().len(), 2);
}

#[test]
fn names_go_to_a_network_on_offer_where_their_number_fits() {
    let mut bench = Bench::started(true);
    bench.settle();
    bench.describe("classes.txt", &"x\n".repeat(10), false);
    bench.settle();
    assert_eq!(labels(&bench), ["x"]);
    bench.describe("labels.json", r#"["a", "b"]"#, false);
    bench.settle();
    match &bench.notices()[..] {
        [Notice::Described { .. }, Notice::File { title, failure: LoadFailure { reason, .. } }] => {
            assert_eq!(title, "labels.json");
            assert!(reason.contains("has 2 names") && reason.contains("needs 10"), "{reason}");
        }
        other => panic!("{other:?}"),
    }
    assert_eq!(labels(&bench), ["x"]);
}

#[test]
fn a_description_that_does_not_fit_leaves_all_as_it_is() {
    let mut bench = Bench::started(true);
    bench.settle();
    bench.load(File::Undescribed);
    bench.settle();
    let (answers, network) = (bench.answers(), own(&bench).clone());
    for text in ["{", r#"{"num_classes": 7}"#, r#"{"architecture": "resnetaa50"}"#, r#"{"strides": [1, 2]}"#] {
        bench.describe("config.json", text, false);
        bench.settle();
        assert!(matches!(bench.notices().last(), Some(Notice::File { title, .. }) if title == "config.json"), "{text}");
    }
    assert_eq!((bench.answers(), own(&bench)), (answers, &network));
    // With weights, it is the weights' load that fails.
    bench.describe("classes.txt", "a\nb", true);
    bench.load(File::Undescribed);
    bench.settle();
    match bench.notices().last() {
        Some(Notice::File { title, failure: LoadFailure { reason, .. } }) => {
            assert_eq!(title, "own.safetensors");
            assert!(reason.starts_with("classes.txt: read as a list of class names, it has 2 names"), "{reason}");
        }
        other => panic!("{other:?}"),
    }
    // Which is over then.
    bench.load(File::Undescribed);
    bench.settle();
    assert!(bench.networks.len() > 1 && own(&bench).labels.is_none());
}
