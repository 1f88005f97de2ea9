//! Whole networks trained on a GPU against PyTorch: gradients, the state after 10 steps, 50 losses.

use std::rc::Rc;

use crate::common::compare::{Deviation, demand};
use crate::common::disk::{folder, text};
use crate::common::training::{SHORT, Training, a_trainer_goes_on, names, read};
use crate::common::training_files::write;
use crate::common::{self, example, say};
use cardinal::classifier::Device;
use cardinal::gpu::{GpuError, TrainingEngine};
use cardinal::plan::{BatchError, TrainingOptions, TrainingPlan};
use cardinal::weights::{Checkpoint, NamedTensors, TensorSource, WeightError};
use serde_json::Value;

#[test]
fn a_gpu_trains_as_pytorch_does() {
    pollster::block_on(async {
        let gpu = Rc::new(common::gpu().await);
        let mut outcomes = Vec::new();
        for name in names() {
            let bytes = read(&name);
            let training = Training::parse(&bytes);
            let engine = TrainingEngine::new(&gpu, training.plan(), &training.source).await.unwrap();
            let (mut losses, mut worst, mut ms) = (Vec::new(), [0.0_f64; 3], Vec::new());
            let mut note = |part: usize, outcome: Result<Deviation, String>| {
                if let Ok(deviation) = &outcome {
                    worst[part] = worst[part].max(deviation.of_peak);
                }
                outcomes.push(outcome);
            };
            for step in 1..=training.losses().len() {
                let learned = engine.step(&training.input, &training.labels, &training.settings).await.unwrap();
                losses.push(learned.loss);
                ms.push(learned.wall_ms);
                if step == 1 {
                    for (key, actual) in engine.gradients().await.unwrap().tensors {
                        note(0, training.check_gradient("the GPU", &key, &actual.values));
                    }
                }
                if step == SHORT {
                    for (key, actual) in engine.tensors().await.unwrap().tensors {
                        note(1, training.check_state("the GPU", &key, &actual.values));
                    }
                }
            }
            note(2, training.check_losses("the GPU", &losses));
            let [gradients, states, losses] = worst;
            let ms = ms[1..].iter().sum::<f64>() / (ms.len() - 1) as f64;
            say(&format!(
                "{name:<26} gradients {gradients:.1e}, after {SHORT} steps {states:.1e}, losses {losses:.1e}; {ms:.0} ms per step"
            ));
        }
        demand(outcomes);
    });
}

/// The same bits each time, also where gradients take turns with all else, and where a run goes on from what was read back.
#[test]
fn steps_on_a_gpu_are_repeatable_to_the_bit() {
    pollster::block_on(async {
        let gpu = Rc::new(common::gpu().await);
        let bytes = read("cifar_c8_biased");
        let training = Training::parse(&bytes);
        let build = async |keep_gradients: bool| {
            let options = TrainingOptions { keep_gradients, ..TrainingOptions::default() };
            let plan = TrainingPlan::new(training.graph(), options).unwrap();
            TrainingEngine::new(&gpu, plan, &training.source).await.unwrap()
        };
        let learn = async |engine: &TrainingEngine, steps: usize| {
            for _ in 0..steps {
                engine.step(&training.input, &training.labels, &training.settings).await.unwrap();
            }
        };
        let (once, again, kept) = (build(false).await, build(false).await, build(true).await);
        learn(&once, 4).await;
        learn(&again, 4).await;
        learn(&kept, 2).await;
        let expected = once.tensors().await.unwrap();
        assert!(expected == again.tensors().await.unwrap(), "another run");
        assert!(expected != kept.tensors().await.unwrap(), "two steps are not four");

        let later = build(true).await;
        let (tensors, velocities) = (kept.tensors().await.unwrap(), kept.velocities().await.unwrap());
        later.restore(&tensors, &velocities).unwrap();
        learn(&later, 2).await;
        assert!(expected == later.tensors().await.unwrap(), "a run that goes on");
    });
}

#[test]
fn a_wrong_batch_is_refused_on_a_gpu() {
    pollster::block_on(async {
        let gpu = Rc::new(common::gpu().await);
        let bytes = read("cifar_c1_plain");
        let training = Training::parse(&bytes);
        let engine = TrainingEngine::new(&gpu, training.plan(), &training.source).await.unwrap();
        let (input, settings) = (&training.input, &training.settings);
        let error = engine.step(&input[1..], &training.labels, settings).await.unwrap_err();
        assert!(matches!(error, GpuError::Batch(BatchError::Input { .. })), "{error}");
        let error = engine.step(input, &[0, 1, 2, 7, 3], settings).await.unwrap_err();
        assert_eq!(error.to_string(), "The batch needs 5 labels from 0 to 6, one per picture; got label 7.");
        let first = engine.step(input, &training.labels, settings).await.unwrap();
        assert!((first.loss - training.losses()[0]).abs() < 1e-5);
    });
}

#[test]
fn a_state_that_does_not_fit_changes_nothing_on_a_gpu() {
    pollster::block_on(async {
        let gpu = Rc::new(common::gpu().await);
        let bytes = read("cifar_c1_plain");
        let training = Training::parse(&bytes);
        let engine = TrainingEngine::new(&gpu, training.plan(), &training.source).await.unwrap();
        engine.step(&training.input, &training.labels, &training.settings).await.unwrap();
        let learned = engine.tensors().await.unwrap();
        // The tensors are all there, and no velocity.
        let error = engine.restore(&training.source, &NamedTensors::default()).unwrap_err();
        assert!(matches!(error, GpuError::Weight(WeightError::NoSuchTensor(_))), "{error}");
        assert!(learned == engine.tensors().await.unwrap());
        engine.restore(&training.source, &learned).unwrap();
        assert!(learned != engine.tensors().await.unwrap());
    });
}

#[test]
fn a_trainer_on_a_gpu_goes_on_from_what_it_gave() {
    pollster::block_on(async {
        a_trainer_goes_on(&Device::Gpu(Rc::new(common::gpu().await))).await;
    });
}

/// The example `train` on a GPU: its losses are PyTorch's, and so is what it writes.
#[test]
fn the_example_trains_on_a_gpu() {
    let bytes = read("cifar_c8_plain");
    let training = Training::parse(&bytes);
    let folder = folder("train/gpu");
    let [weights, batch] = write(&training, &folder);
    let out = folder.join("out.safetensors");
    let settings = training.settings;
    let numbers = [settings.lr, settings.momentum, settings.weight_decay, settings.label_smoothing];
    let [lr, momentum, decay, smoothing] = numbers.map(|value| value.to_string());
    let steps = SHORT.to_string();
    let mut args = vec!["--backend", "gpu", "--weights", text(&weights), "--batch", text(&batch)];
    args.extend(["--steps", &steps, "--out", text(&out), "--json"]);
    args.extend(["--lr", &lr, "--momentum", &momentum, "--weight-decay", &decay, "--label-smoothing", &smoothing]);
    args.extend(settings.nesterov.then_some("--nesterov"));
    args.extend(settings.decay_weights_only.then_some("--decay-weights-only"));
    let output = example::command("train").args(args).output().unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    let report: Value = serde_json::from_slice(&output.stdout).expect("one JSON object");
    assert_eq!(report["backend"], "gpu");
    assert!(report["adapter"]["name"].is_string());
    let losses: Vec<f64> = report["loss"].as_array().unwrap().iter().map(|loss| loss.as_f64().unwrap()).collect();
    assert_eq!(losses.len(), SHORT);
    let mut outcomes = vec![training.check_losses("the command line", &losses)];
    let written = Checkpoint::parse(std::fs::read(&out).unwrap()).expect("a network");
    for (key, shape) in training.plan().parameters.iter().flat_map(|state| &state.tensors) {
        outcomes.push(training.check_state("the command line", key, &written.tensor(key, shape).unwrap()));
    }
    demand(outcomes);
}
