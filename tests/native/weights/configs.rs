//! A file's `config`: read, completed with the usual values, compared with the tensors.

use cardinal::image::Interpolation;
use cardinal::model::WidthRule;
use cardinal::weights::{Checkpoint, Metadata, WeightError};

use super::refused;
use super::support::{File, Net, Tensor};

fn stating(config: &str) -> File {
    Net::tiny().file("F32").with_config(config)
}

#[test]
fn everything_stated_is_read() {
    let config = r#"{"architecture": "resnext", "blocks": [1, 2, 1], "planes": [4, 8, 64], "strides": [1, 3, 1],
        "cardinality": 2, "base_width": 32, "width_rule": "base_width", "num_classes": 5, "in_channels": 3,
        "stem": "cifar", "stem_channels": 4, "conv_bias": false, "input_size": 40, "resize": 48,
        "interpolation": "bicubic", "mean": [0.1, 0.2, 0.3], "std": [0.4, 0.5, 1], "bn_eps": 0.001,
        "classes": ["a", "b", "c", "d", "ümläut"], "dataset": "pets", "test_accuracy": 0.5, "epochs": 30,
        "licence": "MIT", "origin": "here", "date": "2026-11-22", "recipe": {"epochs": 30, "note": "a b"}}"#;
    let checkpoint = Checkpoint::parse(stating(config).bytes()).unwrap();
    assert_eq!(checkpoint.config().strides, [1, 3, 1]);
    let expected = Metadata {
        classes: Some(["a", "b", "c", "d", "ümläut"].map(str::to_owned).to_vec()),
        input_size: 40,
        resize: 48,
        interpolation: Interpolation::Bicubic,
        mean: vec![0.1, 0.2, 0.3],
        std: vec![0.4, 0.5, 1.0],
        bn_eps: 0.001,
        dataset: Some("pets".to_owned()),
        test_accuracy: Some(0.5),
        licence: Some("MIT".to_owned()),
        origin: Some("here".to_owned()),
        recipe: Some("epochs 30, note a b".to_owned()),
        date: Some("2026-11-22".to_owned()),
    };
    assert_eq!(*checkpoint.metadata(), expected);
}

#[test]
fn what_is_not_stated_is_usual() {
    let checkpoint = Checkpoint::parse(stating(r#"{"classes": null}"#).bytes()).unwrap();
    assert_eq!(*checkpoint.metadata(), Metadata::usual(checkpoint.config()));
    assert_eq!(checkpoint.config().strides, [1, 2, 2]);
    assert_eq!((checkpoint.metadata().input_size, checkpoint.metadata().resize), (32, 32));
    // A larger ImageNet input keeps the ratio of crop to resize.
    let net = Net { blocks: vec![1; 4], ..Net::resnext50() };
    let bytes = net.file("F16").with_config(r#"{"input_size": 288}"#).bytes();
    assert_eq!(Checkpoint::parse(bytes).unwrap().metadata().resize, 329);
    // Grey networks get one mean, the average of the three channels.
    let grey = Checkpoint::parse(Net { in_channels: 1, ..Net::tiny() }.file("F32").bytes()).unwrap();
    assert!((grey.metadata().mean[0] - 0.473_4).abs() < 1e-4 && grey.metadata().std.len() == 1);
}

#[test]
fn contradictions_name_the_field_and_both_sides() {
    for (field, value, inferred) in [
        ("blocks", "[2,2,2]", "[1, 2, 1]"),
        ("blocks", "[1,2,1,1]", "[1, 2, 1]"),
        ("planes", "[4,8,16]", "[4, 8, 64]"),
        ("cardinality", "4", "2"),
        ("base_width", "33", "32"),
        ("num_classes", "10", "5"),
        ("in_channels", "1", "3"),
        ("stem_channels", "64", "4"),
        ("conv_bias", "true", "false"),
        ("stem", "\"imagenet\"", "cifar"),
    ] {
        let file = stating(&format!("{{\"{field}\": {value}}}"));
        let error =
            refused(file.bytes(), &[&format!("`{field}` is {value}"), &format!("the tensors' shapes give {inferred}")]);
        assert!(matches!(error, WeightError::Contradiction { field: named, .. } if named == field));
    }
    let wide =
        Net { widths: vec![8, 16, 128], ..Net::tiny() }.file("F32").with_config(r#"{"width_rule": "quarter_out"}"#);
    refused(wide.bytes(), &["`width_rule` is \"quarter_out\"", "[8, 16, 128]"]);
}

#[test]
fn values_of_the_wrong_kind_name_the_field() {
    for (field, value, expected) in [
        ("blocks", "3", "a list of whole numbers"),
        ("strides", "[1, 2]", "each of the 3 stages"),
        ("strides", "[1, 2, 0]", "1 to 8"),
        ("strides", "[1, 2, 9]", "1 to 8"),
        ("strides", "[1, 2, 1.5]", "a list of whole numbers"),
        ("strides", "\"1,2,2\"", "a list of whole numbers"),
        ("cardinality", "-2", "a whole number"),
        ("cardinality", "1e30", "a whole number"),
        ("conv_bias", "1", "true or false"),
        ("stem", "\"patchify\"", "\"imagenet\" or \"cifar\""),
        ("width_rule", "\"half\"", "\"base_width\" or \"quarter_out\""),
        ("interpolation", "\"lanczos\"", "\"bilinear\" or \"bicubic\""),
        ("input_size", "0", "1 to 2048 pixels"),
        ("input_size", "4096", "1 to 2048 pixels"),
        ("input_size", "[3, 32, 32]", "a whole number"),
        ("resize", "31", "32 (the input_size)"),
        ("mean", "[0.5]", "3 numbers from 0 to 1"),
        ("mean", "[123.7, 116.3, 103.5]", "scaled to 0..1"),
        ("mean", "[0.5, 0.5, \"0.5\"]", "a list of numbers"),
        ("std", "[0.5, 0, 0.5]", "above 0 to 1"),
        ("std", "[0.5, 1e-300, 0.5]", "above 0 to 1"),
        ("classes", "[\"a\", \"b\"]", "5 names"),
        ("classes", "[1, 2, 3, 4, 5]", "a list of strings"),
        ("classes", "\"a b c d e\"", "a list of strings"),
        ("dataset", "7", "a string"),
        ("bn_eps", "-1e-5", "0 to 1"),
        ("bn_eps", "\"1e-5\"", "a number"),
        ("test_accuracy", "91.05", "a share from 0 to 1"),
        ("architecture", "\"vit_base\"", "resnext"),
        ("architecture", "[]", "a string"),
    ] {
        let file = stating(&format!("{{\"{field}\": {value}}}"));
        let error = refused(file.bytes(), &[&format!("`{field}` in the network's `config`"), expected, "got "]);
        assert!(matches!(error, WeightError::ConfigField { field: named, .. } if named == field), "{error:?}");
    }
    // A long value is shortened.
    let many = format!("{{\"blocks\": {:?}}}", vec!["x"; 500]);
    assert!(refused(stating(&many).bytes(), &["…"]).to_string().len() < 200);
}

#[test]
fn an_error_in_the_configs_json_shows_where() {
    for (config, near) in [
        (r#"{"dataset": "äöü", "mean": [NaN, 0.5, 0.5]}"#, "\"mean\": [NaN"),
        (r#"{"std": [0.5, 1e999, 0.5]}"#, "1e999"),
        ("{\n\"blocks\": [1,\n}", "}"),
        ("[1, 2]", "["),
        ("", "``"),
        (r#"{"stem": "cifar", "stem": "imagenet"}"#, "duplicate key stem"),
    ] {
        let error = refused(stating(config).bytes(), &["`config`", near]);
        assert!(matches!(error, WeightError::ConfigJson { .. }), "{error:?}");
    }
    // Wherever the excerpt is cut, characters stay whole.
    for shift in 0..7 {
        let text = format!("{0}{1}{0}", "x".repeat(shift), "äß漢".repeat(20));
        refused(stating(&format!(r#"{{"dataset": "{text}", "mean": NaN, "d": "{text}"}}"#)).bytes(), &["漢"]);
    }
}

#[test]
fn strides_are_checked_against_the_shortcuts() {
    // The stem's 4 channels become 16, so shapes do not determine layer1's stride; for a stage that keeps 32 channels they do.
    let keeps = |strides: Vec<u64>| Net { planes: vec![8, 8, 64], widths: vec![8, 8, 64], strides, ..Net::tiny() };
    let without = Checkpoint::parse(keeps(vec![1, 1, 2]).file("F32").bytes()).unwrap();
    assert_eq!(without.config().strides, [1, 1, 2]);
    let with = Checkpoint::parse(keeps(vec![1, 2, 2]).file("F32").bytes()).unwrap();
    assert_eq!(with.config().strides, [1, 2, 2]);
    let config = r#"{"strides": [1, 2, 2]}"#;
    refused(keeps(vec![1, 1, 2]).file("F32").with_config(config).bytes(), &["`strides`", "1 for layer2", "has no"]);
    let config = r#"{"strides": [1, 1, 2]}"#;
    refused(keeps(vec![1, 2, 2]).file("F32").with_config(config).bytes(), &["`strides`", "more than 1 for layer2"]);

    let error = with.with_strides(vec![1, 1, 2]).err().unwrap();
    assert!(matches!(error, WeightError::Strides { .. }) && error.to_string().contains("got [1, 1, 2]"));
    let parse = || Checkpoint::parse(Net::tiny().file("F32").bytes()).unwrap();
    assert_eq!(parse().with_strides(vec![2, 4, 1]).unwrap().config().strides, [2, 4, 1]);
    for strides in [vec![], vec![1, 2, 2, 2], vec![1, 0, 2], vec![1, usize::MAX, 2]] {
        assert!(matches!(parse().with_strides(strides), Err(WeightError::Strides { .. })));
    }
}

#[test]
fn a_stated_base_width_decides_between_equal_ones() {
    // int(32 * b / 64) = 16 for b of 32 and 33.
    let net = Net { planes: vec![8, 16, 32], widths: vec![8, 16, 32], ..Net::tiny() };
    let base_width = |config: &str| {
        let checkpoint = Checkpoint::parse(net.file("F32").with_config(config).bytes());
        checkpoint.map(|checkpoint| (checkpoint.config().width_rule.clone(), checkpoint.config().base_width))
    };
    assert_eq!(base_width("{}").unwrap(), (WidthRule::BaseWidth, 32));
    assert_eq!(base_width(r#"{"base_width": 33}"#).unwrap(), (WidthRule::BaseWidth, 33));
    assert!(base_width(r#"{"base_width": 34}"#).is_err());
    assert_eq!(base_width(r#"{"width_rule": "quarter_out"}"#).unwrap(), (WidthRule::QuarterOut, 32));
}

#[test]
fn other_metadata_is_left_alone() {
    let mut file = Net::tiny().file("F32");
    file.metadata = vec![("format".to_owned(), "pt".to_owned()), ("case".to_owned(), "{".to_owned())];
    assert!(Checkpoint::parse(file.bytes()).is_ok());
    let stray = file.with(Tensor::zeros("layer1.0.bn1.gamma", "F32", &[4]));
    refused(stray.bytes(), &["layer1.0.bn1.gamma"]);
}
