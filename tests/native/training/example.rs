//! The command-line example `train`: its JSON, the files that it writes, and its one-line errors.

use std::path::{Path, PathBuf};
use std::process::{Command, Output};
use std::sync::Once;

use crate::common::compare::demand;
use crate::common::training::{SHORT, Training, read};
use cardinal::weights::{Checkpoint, Metadata, SavedFile, TensorSource};
use safetensors::tensor::TensorView;
use safetensors::{Dtype, SafeTensors};
use serde_json::Value;

/// The example's binary; it is built here, so that a single test can also run by itself.
fn train(args: &[&str]) -> Output {
    static BUILT: Once = Once::new();
    BUILT.call_once(|| {
        let manifest = Path::new(env!("CARGO_MANIFEST_DIR")).join("Cargo.toml");
        let build = Command::new(env!("CARGO"))
            .args(["build", "--quiet", "--example", "train", "--manifest-path"])
            .arg(manifest)
            .status()
            .unwrap();
        assert!(build.success());
    });
    let mut folder = std::env::current_exe().unwrap();
    folder.pop();
    folder.pop();
    let binary = folder.join("examples").join(format!("train{}", std::env::consts::EXE_SUFFIX));
    Command::new(binary).args(args).output().unwrap()
}

/// A folder of its own for a test.
fn folder(name: &str) -> PathBuf {
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join("train").join(name);
    std::fs::create_dir_all(&folder).unwrap();
    folder
}

fn text(path: &Path) -> &str {
    path.to_str().unwrap()
}

/// Writes the weights that a fixture begins with, and its batch.
fn write(training: &Training<'_>, folder: &Path) -> [PathBuf; 2] {
    let [weights, batch] = ["weights.safetensors", "batch.safetensors"].map(|name| folder.join(name));
    pollster::block_on(async {
        let mut saved = SavedFile::new(&training.config, &Metadata::usual(&training.config), false).unwrap();
        let mut bytes = saved.header().to_vec();
        while let Some(part) = saved.next_part(&training.source).await.unwrap() {
            bytes.extend(part);
        }
        std::fs::write(&weights, bytes).unwrap();
    });
    let labels: Vec<i64> = training.labels.iter().map(|&label| label.into()).collect();
    write_batch(&batch, &training.fixture.numbers("input"), &training.input, &labels);
    [weights, batch]
}

fn write_batch(path: &Path, shape: &[usize], input: &[f32], labels: &[i64]) {
    let input: Vec<u8> = input.iter().flat_map(|value| value.to_le_bytes()).collect();
    let count = vec![labels.len()];
    let labels: Vec<u8> = labels.iter().flat_map(|value| value.to_le_bytes()).collect();
    let tensors = [
        ("input", TensorView::new(Dtype::F32, shape.to_vec(), &input).unwrap()),
        ("labels", TensorView::new(Dtype::I64, count, &labels).unwrap()),
    ];
    safetensors::serialize_to_file(tensors, None, path).unwrap();
}

#[test]
fn it_trains_as_pytorch_does_and_writes_what_it_learned() {
    let mut outcomes = Vec::new();
    for name in ["cifar_depthwise_plain", "imagenet_c8_biased"] {
        let bytes = read(name);
        let training = Training::parse(&bytes);
        let folder = folder(name);
        let [weights, batch] = write(&training, &folder);
        let (out, gradients) = (folder.join("out.safetensors"), folder.join("gradients.safetensors"));
        let settings = training.settings;
        let numbers = [settings.lr, settings.momentum, settings.weight_decay, settings.label_smoothing];
        let [lr, momentum, decay, smoothing] = numbers.map(|value| value.to_string());
        let steps = SHORT.to_string();
        let mut args = vec!["--weights", text(&weights), "--batch", text(&batch), "--steps", &steps, "--json"];
        args.extend(["--out", text(&out), "--gradients", text(&gradients), "--backend", "cpu"]);
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
    let folder = folder("mistakes");
    let [weights, batch] = write(&training, &folder);
    let (weights, batch) = (text(&weights), text(&batch));
    let [wrong_label, grey] = ["wrong_label.safetensors", "grey.safetensors"].map(|name| folder.join(name));
    let shape = training.fixture.numbers("input");
    write_batch(&wrong_label, &shape, &training.input, &[0, 1, 2, 3, 7]);
    write_batch(&grey, &[2, 1, 4, 4], &[0.5; 32], &[0, 1]);
    let files = ["--weights", weights, "--batch", batch];
    for (args, expected) in [
        ([&files[..], &["--backend", "gpu"]].concat(), "training runs on the CPU so far: use --backend cpu"),
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
