//! What lies beside the weights: descriptions and lists of class names.

use std::fs;
use std::path::{Path, PathBuf};

use cardinal::image::Interpolation;
use cardinal::weights::{Checkpoint, WeightError, class_names};

use super::support::{File, Net};
use crate::common::disk;

#[path = "../../../benches/common/weights.rs"]
mod found;

const CONFIG: &str = "tests/data/field/checkpoints/beside/config.json";

/// The field's weights without a description of their own.
fn bare() -> File {
    File { metadata: vec![], ..File::read("tests/data/field/checkpoints/twin.safetensors") }
}

fn config() -> String {
    fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join(CONFIG)).unwrap()
}

/// A fresh folder with these files.
fn folder(name: &str, files: &[(&str, &[u8])]) -> PathBuf {
    let folder = disk::folder(&format!("beside/{name}"));
    for (name, bytes) in files {
        fs::write(folder.join(name), bytes).unwrap();
    }
    folder
}

#[test]
fn a_config_beside_the_weights_is_used_on_the_command_line() {
    let weights = bare().bytes();
    let both = folder("both", &[("model.safetensors", &weights), ("config.json", config().as_bytes())]);
    for path in [both.join("model.safetensors"), both.clone()] {
        let files = found::read(&path).unwrap();
        let checkpoint = Checkpoint::parse_with(files.weights, files.config_json.as_deref()).unwrap();
        let metadata = checkpoint.metadata();
        assert_eq!(metadata.classes.as_ref().unwrap()[5], "fox");
        assert_eq!((metadata.input_size, metadata.resize, metadata.interpolation), (48, 48, Interpolation::Bicubic));
        assert_eq!((metadata.mean[0], metadata.std[0]), (0.5, 0.5));
        assert_eq!(checkpoint.config().strides, [1, 2, 2]);
        assert!(!checkpoint.reading().strides_guessed && !checkpoint.reading().preparation_guessed);
    }
    let only = found::read(&folder("only", &[("any.pth", b"PK"), ("notes.txt", b"")])).unwrap();
    assert!(only.path.ends_with("any.pth") && only.config_json.is_none());
    let error = |folder: PathBuf| found::read(&folder).err().unwrap();
    assert!(
        error(folder("two", &[("a.pth", b""), ("b.ckpt", b"")])).contains("several weights, a.pth, b.ckpt; name one")
    );
    assert!(error(folder("none", &[("a.txt", b"")])).contains("no weights"));
    assert!(error(PathBuf::from("nowhere.safetensors")).contains("nowhere.safetensors: "));
}

#[test]
fn the_files_own_config_has_precedence() {
    let own = File { metadata: vec![], ..bare() }.with_config(r#"{"strides": [1, 2, 1], "input_size": 40}"#);
    let checkpoint = Checkpoint::parse_with(own.bytes(), Some(&config())).unwrap();
    assert_eq!(checkpoint.config().strides, [1, 2, 1]);
    assert_eq!((checkpoint.metadata().input_size, checkpoint.metadata().std[0]), (40, 0.5));
    // What is said later has precedence over both.
    let later = checkpoint.described(r#"{"strides": [1, 1, 2], "input_size": 56, "mean": [0.1, 0.2, 0.3]}"#).unwrap();
    assert_eq!((later.config().strides.clone(), later.metadata().input_size), (vec![1, 1, 2], 56));
    assert_eq!((later.metadata().mean[2], later.metadata().std[0]), (0.3, 0.5));
    assert_eq!(later.metadata().classes, checkpoint.metadata().classes);
    let error = later.described(r#"{"classes": ["a"]}"#).err().unwrap();
    assert!(matches!(error, WeightError::ConfigField { field: "classes", .. }), "{error}");
    let error = later.described(r#"{"strides": [1, 2]}"#).err().unwrap();
    assert!(error.to_string().contains("each of the 3 stages"), "{error}");
}

#[test]
fn transformers_descriptions_are_read() {
    let weights =
        || Net { cardinality: 1, widths: Net::resnext50().planes, classes: 2, ..Net::resnext50() }.file("F16");
    let open = |json: &str| Checkpoint::parse_with(weights().bytes(), Some(json));
    let config = r#"{"architectures": ["ResNetForImageClassification"], "model_type": "resnet", "depths": [3, 4, 6, 3],
        "downsample_in_first_stage": false, "embedding_size": 64, "hidden_act": "relu", "num_channels": 3,
        "id2label": {"0": "cat", "1": "dog"}, "label2id": {"cat": 0, "dog": 1}}"#;
    let checkpoint = open(config).unwrap();
    assert_eq!(checkpoint.metadata().classes.as_ref().unwrap(), &["cat", "dog"]);
    assert_eq!(checkpoint.config().strides, [1, 2, 2, 2]);
    let first = open(&config.replace("stage\": false", "stage\": true")).unwrap();
    assert_eq!(first.config().strides, [2, 2, 2, 2]);
    let error = open(&config.replace("\"relu\"", "\"gelu\"")).err().unwrap();
    assert!(error.to_string().contains("`hidden_act`") && error.to_string().contains("relu expected"), "{error}");
    let processor = r#"{"crop_pct": 0.875, "do_resize": true, "image_mean": [0.5, 0.4, 0.3], "image_std": [0.2, 0.2, 0.2],
        "resample": 3, "size": {"shortest_edge": 224}}"#;
    let metadata = open(processor).unwrap().metadata().clone();
    assert_eq!((metadata.input_size, metadata.resize, metadata.interpolation), (224, 256, Interpolation::Bicubic));
    assert_eq!((metadata.mean[2], metadata.std[0]), (0.3, 0.2));
}

#[test]
fn lists_of_class_names_are_read() {
    let cats = || Some(vec!["cat".to_owned(), "dog".to_owned()]);
    for text in [
        "cat\ndog\n",
        "\u{feff} cat \r\n\r\ndog",
        r#"["cat", "dog"]"#,
        r#"{"1": "dog", "0": "cat"}"#,
        r#"{"dog": 1, "cat": 0}"#,
        r#"{"0": ["n02123045", "cat"], "1": ["n02084071", "dog"]}"#,
    ] {
        assert_eq!(class_names(text), cats(), "{text}");
    }
    for text in
        ["", " \n ", "{}", "[]", "{\"num_classes\": 6, \"architecture\": \"a\"}", "[1, 2]", r#"{"a": 0, "b": 7}"#, "{"]
    {
        assert_eq!(class_names(text), None, "{text}");
    }
}
