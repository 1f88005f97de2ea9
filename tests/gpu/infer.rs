//! The command-line example: its JSON, its one-line errors, and its messages about wrong command lines.

use std::path::PathBuf;
use std::process::Output;

use crate::common::compare::{compare, demand};
use crate::common::example;
use crate::common::fixture::Fixture;
use cardinal::reference;
use cardinal::shape::Nchw;
use serde_json::Value;

fn root(path: &str) -> String {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join(path).display().to_string()
}

fn infer(args: &[&str]) -> Output {
    example::command("infer").args(args).output().unwrap()
}

fn report(args: &[&str]) -> Value {
    let output = infer(args);
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    serde_json::from_slice(&output.stdout).expect("one JSON object")
}

const WEIGHTS: &str = "assets/models/resnext20_8x8d_cifar10_f16.safetensors";

#[test]
fn a_picture_is_named() {
    let image = root("assets/samples/cifar10/ship.png");
    let report = report(&["--weights", &root(WEIGHTS), "--image", &image, "--repeat", "3", "--json"]);
    assert_eq!(report["top_k"][0]["label"], "ship");
    assert_eq!(report["top_k"].as_array().unwrap().len(), 5);
    assert_eq!(report["shape"], serde_json::json!([1, 3, 32, 32]));
    assert_eq!(report["config"]["cardinality"], 8);
    assert_eq!(report["wall_ms"].as_array().unwrap().len(), 3);
    assert_eq!(report["logits"][0].as_array().unwrap().len(), 10);
    let sum: f64 = report["probabilities"][0].as_array().unwrap().iter().filter_map(Value::as_f64).sum();
    assert!((sum - 1.0).abs() < 1e-5, "{sum}");
    assert!(report["adapter"]["name"].is_string());
}

#[test]
fn a_batch_of_tensors_gives_pytorchs_logits_in_both_plans() {
    let weights = root("tests/data/golden/models/tiny_cifar3.weights.safetensors");
    let io = root("tests/data/golden/models/tiny_cifar3.io.safetensors");
    let bytes = std::fs::read(&io).unwrap();
    let expected = Fixture::parse(&bytes).f64("logits64").unwrap();
    for plan in ["plain", "fused"] {
        let tensor = format!("{io}:input");
        let report =
            report(&["--weights", &weights, "--tensor", &tensor, "--strides", "1,2,2", "--plan", plan, "--json"]);
        let rows = report["logits"].as_array().unwrap();
        assert_eq!(rows.len(), 2, "one list per picture");
        let logits: Vec<f32> =
            rows.iter().flat_map(|row| row.as_array().unwrap()).map(|value| value.as_f64().unwrap() as f32).collect();
        demand([compare(plan, &logits, &expected, 5e-5)]);
        assert_eq!(report["plan"], plan);
        assert_eq!(report["weight_dtype"], "f32");
    }
}

/// `--cam K` against the sum in f64 of PyTorch's features, each times its weight for class K.
#[test]
fn a_class_activation_map_is_the_sum_over_pytorchs_features() {
    let weights = root("tests/data/golden/models/tiny_cifar3.weights.safetensors");
    let io = root("tests/data/golden/models/tiny_cifar3.io.safetensors");
    let (weights_bytes, io_bytes) = (std::fs::read(&weights).unwrap(), std::fs::read(&io).unwrap());
    let fixture = Fixture::parse(&io_bytes);
    let last = "layer3.0";
    let (features, shape) = (fixture.f32(last).unwrap(), fixture.shape(last).unwrap());
    let shape = Nchw::new(shape[0], shape[1], shape[2], shape[3]);
    let class = 3;
    let tensors = safetensors::SafeTensors::deserialize(&weights_bytes).unwrap();
    let head: Vec<f32> = bytemuck::pod_collect_to_vec(tensors.tensor("fc.weight").unwrap().data());
    let expected = reference::class_activation(&features, shape, &head[class * shape.c..(class + 1) * shape.c]);
    for (backend, plan) in [("gpu", "plain"), ("gpu", "fused"), ("cpu", "fused")] {
        let tensor = format!("{io}:input");
        let args = ["--weights", &weights, "--tensor", &tensor, "--strides", "1,2,2", "--backend", backend];
        let report = report(&[&args[..], &["--plan", plan, "--cam", "3", "--json"]].concat());
        let pictures = report["cam"].as_array().expect("one per picture");
        assert_eq!(
            (pictures.len(), pictures[0].as_array().unwrap().len()),
            (shape.n, shape.h),
            "rows of the last stage"
        );
        let rows = pictures.iter().flat_map(|picture| picture.as_array().unwrap());
        let cam: Vec<f32> =
            rows.flat_map(|row| row.as_array().unwrap()).map(|value| value.as_f64().unwrap() as f32).collect();
        demand([compare(&format!("cam {backend} {plan}"), &cam, &expected, 1e-5)]);
    }
    let output =
        infer(&["--weights", &weights, "--tensor", &format!("{io}:input"), "--strides", "1,2,2", "--cam", "99"]);
    let text = String::from_utf8_lossy(&output.stderr).into_owned();
    assert!(output.status.code() == Some(1) && text.contains("--cam 99"), "{text}");
}

#[test]
fn weights_in_f16_take_less_memory_and_name_the_same_picture() {
    let (weights, image) = (root(WEIGHTS), root("assets/samples/cifar10/ship.png"));
    let run = |dtype| report(&["--weights", &weights, "--image", &image, "--weight-dtype", dtype, "--json"]);
    let (single, half) = (run("f32"), run("f16"));
    assert_eq!((&half["weight_dtype"], &half["top_k"][0]["label"]), (&"f16".into(), &"ship".into()));
    assert!(half["gpu_bytes"].as_u64() < single["gpu_bytes"].as_u64());
}

#[test]
fn what_cannot_be_done_is_one_line_and_status_1() {
    let (weights, picture) = (root(WEIGHTS), root("assets/samples/cifar10/ship.png"));
    let io = root("tests/data/golden/models/tiny_cifar3.io.safetensors");
    let cases: [(&[&str], &str); 5] = [
        (&["--weights", "nowhere.safetensors", "--image", &picture, "--json"], "nowhere.safetensors"),
        (&["--weights", &picture, "--image", &picture, "--json"], "ship.png"),
        (&["--weights", &weights, "--image", &weights, "--json"], "safetensors"),
        (&["--weights", &weights, "--tensor", &io, "--json"], "input"),
        (&["--weights", &weights, "--image", &picture, "--strides", "1,2,2,2", "--json"], "strides"),
    ];
    for (args, word) in cases {
        let output = infer(args);
        let text = String::from_utf8_lossy(&output.stderr).into_owned();
        assert_eq!(output.status.code(), Some(1), "{args:?}: {text}");
        assert!(output.stdout.is_empty(), "{args:?}");
        let lines: Vec<&str> = text.lines().filter(|line| line.starts_with("infer: ")).collect();
        assert_eq!(lines.len(), 1, "{args:?}: {text}");
        assert!(lines[0].contains(word), "{args:?}: {text}");
    }
}

#[test]
fn a_mistake_on_the_command_line_is_named_and_help_is_there() {
    let given = ["--weights", "w.safetensors", "--image", "p.png"];
    let cases: [(&[&str], &str); 10] = [
        (&["--json"], "--weights"),
        (&given[..2], "<--image <P>|--tensor <T.safetensors[:name]>>"),
        (&["--weights"], "a value is required"),
        (&["--tensor", "t.safetensors"], "cannot be used with"),
        (&["--plan", "quick"], "[possible values: plain, fused]"),
        (&["--weight-dtype", "f64"], "[possible values: f32, f16]"),
        (&["--backend", "tpu"], "[possible values: gpu, cpu]"),
        (&["--strides", "1,two"], "'two'"),
        (&["--repeat", "0"], "'0'"),
        (&["--wieght-dtype", "f16"], "'--weight-dtype'"),
    ];
    for (at, (args, words)) in cases.into_iter().enumerate() {
        // The first three leave out an argument; the others append a wrong argument to a valid command line.
        let args = if at < 3 { args.to_vec() } else { [&given, args].concat() };
        let output = infer(&args);
        let text = String::from_utf8_lossy(&output.stderr).into_owned();
        assert_eq!(output.status.code(), Some(2), "{args:?}: {text}");
        assert!(output.stdout.is_empty() && text.starts_with("error: "), "{args:?}: {text}");
        assert!(text.contains(words), "{args:?}: {text}");
    }
    let help = infer(&["--help"]);
    let text = String::from_utf8_lossy(&help.stdout).into_owned();
    assert!(help.status.success(), "{text}");
    for option in
        ["--weights", "--image", "--tensor", "--strides", "--backend", "--plan", "--weight-dtype", "--repeat", "--json"]
    {
        assert!(text.contains(option), "{option}: {text}");
    }
}

/// `VK_DRIVER_FILES` names a missing file here, so that the Vulkan loader finds no driver.
#[cfg(target_os = "linux")]
#[test]
fn without_an_adapter_it_says_what_helps_and_runs_on_the_processor() {
    let image = root("assets/samples/cifar10/ship.png");
    let args = ["--weights", &root(WEIGHTS), "--image", &image, "--json"];
    let without = |more: &[&str]| {
        let missing = root("nowhere.json");
        example::command("infer").args(args).args(more).env("VK_DRIVER_FILES", missing).output().unwrap()
    };
    let refused = without(&[]);
    let text = String::from_utf8_lossy(&refused.stderr).into_owned();
    assert_eq!(refused.status.code(), Some(1), "{text}");
    assert!(text.contains("infer: ") && text.contains("driver") && text.contains("`--backend cpu`"), "{text}");
    assert!(!text.contains("browser"), "{text}");

    let output = without(&["--backend", "cpu"]);
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    let report: Value = serde_json::from_slice(&output.stdout).expect("one JSON object");
    assert_eq!((&report["backend"], &report["top_k"][0]["label"]), (&"cpu".into(), &"ship".into()));
    assert!(report["adapter"].is_null());
}
