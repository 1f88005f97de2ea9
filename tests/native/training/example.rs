//! The command-line example `train`: its JSON, the files that it writes, and its one-line errors.

use std::path::{Path, PathBuf};
use std::process::Output;

use crate::common::compare::demand;
use crate::common::disk::{folder, text};
use crate::common::example;
use crate::common::training::{SHORT, Training, read};
use crate::common::training_files::{write, write_batch};
use cardinal::model::{ResNextConfig, WidthRule};
use cardinal::weights::{Checkpoint, TensorSource};
use safetensors::SafeTensors;
use serde_json::Value;

pub(super) fn train(args: &[&str]) -> Output {
    example::command("train").args(["--backend", "cpu"]).args(args).output().unwrap()
}

#[test]
fn it_trains_as_pytorch_does_and_writes_what_it_learned() {
    let mut outcomes = Vec::new();
    for name in ["cifar_depthwise_plain", "imagenet_c8_biased"] {
        let bytes = read(name);
        let training = Training::parse(&bytes);
        let folder = folder(&format!("train/{name}"));
        let [weights, batch] = write(&training, &folder);
        let (out, gradients) = (folder.join("out.safetensors"), folder.join("gradients.safetensors"));
        let settings = training.settings;
        let numbers = [settings.lr, settings.momentum, settings.weight_decay, settings.label_smoothing];
        let [lr, momentum, decay, smoothing] = numbers.map(|value| value.to_string());
        let steps = SHORT.to_string();
        let mut args = vec!["--weights", text(&weights), "--batch", text(&batch), "--steps", &steps, "--json"];
        args.extend(["--out", text(&out), "--gradients", text(&gradients)]);
        args.extend(["--lr", &lr, "--momentum", &momentum, "--weight-decay", &decay, "--label-smoothing", &smoothing]);
        args.extend(settings.nesterov.then_some("--nesterov"));
        args.extend(settings.decay_weights_only.then_some("--decay-weights-only"));
        let output = train(&args);
        assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
        let report: Value = serde_json::from_slice(&output.stdout).expect("one JSON object");

        let numbers = |key: &str| -> Vec<f64> {
            report[key].as_array().expect("a list").iter().map(|value| value.as_f64().expect("a number")).collect()
        };
        assert_eq!(report["backend"], "cpu");
        assert!(report["adapter"].is_null());
        assert_eq!(numbers("step_ms").len(), SHORT);
        assert!(report["peak_bytes"].as_u64().unwrap() > 100_000);
        assert_eq!(numbers("loss").len(), SHORT);
        outcomes.push(training.check_losses("the command line", &numbers("loss")));

        let written = Checkpoint::parse(std::fs::read(&out).unwrap()).expect("a network");
        assert_eq!(written.config(), &training.config, "the file says what network it is");
        for state in training.plan().parameters.iter().chain(&training.plan().running) {
            for (key, shape) in &state.tensors {
                let values = written.tensor(key, shape).unwrap();
                outcomes.push(training.check_state("the command line", key, &values));
            }
        }
        let bytes = std::fs::read(&gradients).unwrap();
        let file = SafeTensors::deserialize(&bytes).unwrap();
        let expected: usize = training.plan().parameters.iter().map(|state| state.tensors.len()).sum();
        assert_eq!(file.len(), expected, "parameters only");
        for (key, tensor) in file.tensors() {
            let values = tensor.data().as_chunks::<4>().0.iter().map(|&bytes| f32::from_le_bytes(bytes));
            outcomes.push(training.check_gradient("the command line", &key, &values.collect::<Vec<_>>()));
        }
    }
    demand(outcomes);
}

#[test]
fn mistakes_are_one_line() {
    let bytes = read("cifar_c8_plain");
    let training = Training::parse(&bytes);
    let folder = folder("train/mistakes");
    let [weights, batch] = write(&training, &folder);
    let (weights, batch) = (text(&weights), text(&batch));
    let [wrong_label, grey] = ["wrong_label.safetensors", "grey.safetensors"].map(|name| folder.join(name));
    let shape = training.fixture.numbers("input");
    write_batch(&wrong_label, &shape, &training.input, &[0, 1, 2, 3, 7]);
    write_batch(&grey, &[2, 1, 4, 4], &[0.5; 32], &[0, 1]);
    let files = ["--weights", weights, "--batch", batch];
    for (args, expected) in [
        ([&files[..], &["--nesterov"]].concat(), "--nesterov needs --momentum above 0"),
        ([&files[..], &["--label-smoothing", "1.5"]].concat(), "--label-smoothing 1.5: expected a number from 0 to 1"),
        (vec!["--weights", weights, "--batch", weights], "has no tensor `input`, F32 of [n, c, h, w]"),
        (
            vec!["--weights", weights, "--batch", text(&wrong_label)],
            "needs 5 labels from 0 to 6, one per picture; got label 7",
        ),
        (vec!["--weights", weights, "--batch", text(&grey)], "the network takes 2×3×4×4, the batch is 2×1×4×4"),
        (vec!["--weights", weights, "--batch", "nowhere.safetensors"], "nowhere.safetensors: "),
    ] {
        let output = train(&args);
        let said = String::from_utf8_lossy(&output.stderr);
        assert_eq!(output.status.code(), Some(1), "{said}");
        assert!(said.starts_with("train: ") && said.contains(expected), "{expected} expected, got {said}");
        assert_eq!(said.lines().count(), 1, "{said}");
    }
    assert_eq!(train(&["--weights", weights]).status.code(), Some(2), "no batch");
}

/// Pictures of three classes, told apart by a shape: what is inside differs in place, size and colour.
fn write_shapes(folder: &Path, count: usize, seed: u32) {
    let mut draw = Draw(seed);
    for class in ["bar", "pole", "square"] {
        let folder = folder.join(class);
        std::fs::create_dir_all(&folder).unwrap();
        for index in 0..count {
            let (w, h) = match class {
                "bar" => (16, 4),
                "pole" => (4, 16),
                _ => (10, 10),
            };
            let (left, top) = (draw.below(32 - w), draw.below(32 - h));
            let colour = [(); 3].map(|()| 128 + draw.below(128) as u8);
            let picture = image::RgbImage::from_fn(32, 32, |x, y| {
                let inside = (left..left + w).contains(&x) && (top..top + h).contains(&y);
                image::Rgb(if inside { colour } else { [20, 24, 28] })
            });
            picture.save(folder.join(format!("{index:02}.png"))).unwrap();
        }
    }
}

/// A linear congruential generator.
struct Draw(u32);

impl Draw {
    fn below(&mut self, limit: u32) -> u32 {
        self.0 = self.0.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
        (self.0 >> 8) % limit
    }
}

#[test]
fn pictures_are_learned_and_a_stopped_run_ends_as_if_it_had_not_been_stopped() {
    let folder = folder("train/pictures");
    let shapes = folder.join("shapes");
    write_shapes(&shapes.join("train"), 40, 1);
    write_shapes(&shapes.join("test"), 20, 2);
    let config_path = write_config(&folder);
    let data = format!("folder:{}", text(&shapes));
    let run = |out: &Path, more: &[&str]| {
        let mut args = vec!["--config", text(&config_path), "--data", &data, "--out", text(out), "--json"];
        args.extend(["--epochs", "24", "--batch-size", "16", "--lr", "0.1"]);
        args.extend(more);
        train(&args)
    };
    let report = |output: &Output| -> Value {
        assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
        serde_json::from_slice(&output.stdout).expect("one JSON object")
    };
    let [straight, stopped] = ["straight.safetensors", "stopped.safetensors"].map(|name| folder.join(name));

    let whole = report(&run(&straight, &[]));
    let losses: Vec<f64> = whole["epochs"].as_array().unwrap().iter().map(|e| e["loss"].as_f64().unwrap()).collect();
    println!("losses {losses:?}, accuracy {}", whole["epochs"][23]["test"]);
    assert_eq!(losses.len(), 24);
    assert!(losses[23] < 0.7 * losses[0], "{losses:?}");
    assert!(whole["epochs"][23]["test"].as_f64().unwrap() > 0.8, "{whole}");
    assert!(whole["epochs"][0]["test"].is_null() && whole["epochs"][3]["test"].is_f64());

    let first = report(&run(&stopped, &["--until", "5"]));
    assert_eq!((first["finished"].as_bool(), first["epochs"].as_array().unwrap().len()), (Some(false), 5));
    assert!(!stopped.exists() && folder.join("stopped.state.safetensors").exists());
    // Another recipe must not go on with this state.
    let refused = run(&stopped, &["--seed", "1"]);
    let said = String::from_utf8_lossy(&refused.stderr);
    assert!(said.contains("it is of a run with other arguments"), "{said}");
    let second = report(&run(&stopped, &[]));
    assert_eq!(second["epochs"].as_array().unwrap().len(), 24);
    assert!(std::fs::read(&straight).unwrap() == std::fs::read(&stopped).unwrap(), "the same to the bit");
    assert!(!folder.join("stopped.state.safetensors").exists());

    let written = Checkpoint::parse(std::fs::read(&straight).unwrap()).expect("a network");
    assert_eq!(written.metadata().classes.as_deref().unwrap(), ["bar", "pole", "square"]);
    assert_eq!(written.metadata().test_accuracy, whole["epochs"][23]["test"].as_f64());
    let log: Value = serde_json::from_slice(&std::fs::read(folder.join("straight.log.json")).unwrap()).unwrap();
    assert_eq!(log["epochs"].as_array().unwrap().len(), 24);
    assert!(
        log["arguments"]["recipe"].as_str().unwrap().starts_with("epochs 24, batch 16, rate 0.1, Nesterov"),
        "{log}"
    );
}

/// A small network for any number of classes.
pub(super) fn write_config(folder: &Path) -> PathBuf {
    let config = ResNextConfig {
        blocks: vec![1, 1, 1],
        out_channels: vec![16, 24, 32],
        stem_channels: 8,
        cardinality: 2,
        base_width: 0,
        width_rule: WidthRule::PerStage { widths: vec![8, 8, 12], groups: vec![2, 2, 2] },
        ..ResNextConfig::cifar(1, 1, 1)
    };
    let path = folder.join("config.json");
    std::fs::write(&path, serde_json::to_vec(&config).unwrap()).unwrap();
    path
}

#[test]
fn data_sets_are_read_in_their_forms() {
    let folder = folder("train/data");
    let [cifar10, mixed, one] = ["cifar10", "mixed", "one"].map(|name| folder.join(name));
    std::fs::create_dir_all(&cifar10).unwrap();
    let mut draw = Draw(3);
    let mut records = |count: u8| -> Vec<u8> {
        (0..count)
            .flat_map(|at| [at % 10].into_iter().chain((0..3072).map(|_| draw.below(256) as u8)).collect::<Vec<_>>())
            .collect()
    };
    std::fs::write(cifar10.join("data_batch_1.bin"), records(20)).unwrap();
    std::fs::write(cifar10.join("data_batch_2.bin"), records(30)).unwrap();
    std::fs::write(cifar10.join("test_batch.bin"), records(10)).unwrap();
    // Ten pictures of each class, of which the last is kept for the test.
    write_shapes(&mixed, 10, 4);
    write_shapes(&one, 10, 4);
    ["bar", "pole"].iter().for_each(|class| std::fs::remove_dir_all(one.join(class)).unwrap());

    let config = write_config(&folder);
    let out = folder.join("out.safetensors");
    let run = |data: String, more: &[&str]| {
        let mut args =
            vec!["--config", text(&config), "--data", &data, "--out", text(&out), "--epochs", "1", "--lr", "0.01"];
        args.extend(more);
        train(&args)
    };
    let report = |output: Output| -> Value {
        assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
        serde_json::from_slice(&output.stdout).expect("one JSON object")
    };
    let written = || Checkpoint::parse(std::fs::read(&out).unwrap()).expect("a network");
    report(run(format!("cifar10:{}", text(&cifar10)), &["--batch-size", "50"]));
    assert_eq!(written().metadata().classes.as_ref().unwrap()[9], "truck");
    assert_eq!(written().metadata().dataset.as_deref(), Some("CIFAR-10"));
    report(run(format!("folder:{}", text(&mixed)), &["--batch-size", "27"]));
    assert_eq!(written().config().num_classes, 3);

    for (data, more, expected) in [
        (
            format!("cifar10:{}", text(&cifar10)),
            &["--batch-size", "51"][..],
            "batch size 51: expected 1 to 50, the pictures to train on",
        ),
        (
            format!("cifar10:{}", text(&cifar10)),
            &["--batch-size", "11", "--per-class", "1"],
            "expected 1 to 10, the pictures",
        ),
        (format!("folder:{}", text(&one)), &["--batch-size", "2"], "expected pictures of two classes or more"),
        (format!("folder:{}", text(&cifar10)), &[], "expected pictures of two classes or more"),
        ("folder:nowhere".into(), &[], "nowhere: "),
    ] {
        let output = run(data, more);
        let said = String::from_utf8_lossy(&output.stderr);
        assert_eq!(output.status.code(), Some(1), "{said}");
        assert!(said.starts_with("train: ") && said.contains(expected), "{expected} expected, got {said}");
    }
    assert_eq!(run("pictures".into(), &[]).status.code(), Some(2), "a form that is not known");
}
