//! Whole networks: the plan executed in f64 by the twins, and on the CPU engine in f32, against PyTorch's gradients, states and
//! losses.

use crate::common::compare::{Deviation, compare, demand};
use crate::common::say;
use crate::common::train_reference::Reference;
use crate::common::training::{SHORT, Training, names, read};
use cardinal::cpu::{CpuError, TrainingEngine};
use cardinal::plan::{BatchError, TrainingOptions, TrainingPlan};
use cardinal::weights::{NamedTensors, WeightError};

/// Of the twins in f64 against PyTorch in f64.
const F64_TOLERANCE: f64 = 1e-8;

/// Networks whose twins take 10 steps, one per optimiser; the others take one, since plain loops are slow.
const LONGER: [&str; 3] = ["cifar_c8_biased", "cifar_depthwise_plain", "imagenet_depthwise_biased"];

/// The twins and the plan are PyTorch's training, before any engine is asked.
#[test]
fn the_twins_train_as_pytorch_does() {
    let mut outcomes = Vec::new();
    for name in names() {
        let bytes = read(&name);
        let training = Training::parse(&bytes);
        let plan = training.plan();
        let mut reference = Reference::new(&plan, &training.source);
        let mut losses = Vec::new();
        let steps = if LONGER.contains(&&name[..]) { SHORT } else { 1 };
        for step in 0..steps {
            losses.push(reference.step(&training.input, &training.labels, &training.settings));
            if step > 0 {
                continue;
            }
            let largest = training.largest_gradient();
            for (at, state) in plan.parameters.iter().enumerate() {
                outcomes.extend(state.split(reference.gradient(at)).map(|(key, _, actual)| {
                    let expected = training.fixture.f64(&format!("grad/{key}")).unwrap();
                    near(&format!("{name} {key}: gradient"), actual, &expected, largest * 1e-3)
                }));
            }
        }
        outcomes.push(near(&format!("{name} losses"), &losses, &training.losses()[..steps], 0.0));
        if steps < SHORT {
            continue;
        }
        let Reference { buffers, .. } = &reference;
        for (states, values) in [(&plan.parameters, &buffers.parameters), (&plan.running, &buffers.running)] {
            for (key, _, actual) in states.iter().zip(values).flat_map(|(state, values)| state.split(values)) {
                let expected = training.fixture.f64(&format!("after10/{key}")).unwrap();
                outcomes.push(near(&format!("{name} {key} after {SHORT} steps"), actual, &expected, 0.0));
            }
        }
    }
    demand(outcomes);
}

/// Compares in f64, relative to the peak, or to `least` where that is larger.
fn near(what: &str, actual: &[f64], expected: &[f64], least: f64) -> Result<Deviation, String> {
    let peak = expected.iter().fold(least, |peak, value| peak.max(value.abs()));
    let pairs = actual.iter().zip(expected).map(|(a, e)| (a - e).abs() / peak).enumerate();
    let (index, of_peak) = pairs.max_by(|a, b| a.1.total_cmp(&b.1)).unwrap();
    match actual.len() == expected.len() && of_peak <= F64_TOLERANCE {
        true => Ok(Deviation { of_peak, index }),
        false => Err(format!("{what}: {of_peak:.1e} of the peak at {index}; allowed {F64_TOLERANCE:.0e}")),
    }
}

/// The second witness: how the loss really changes with a parameter.
#[test]
fn gradients_are_what_finite_differences_give() {
    const H: f64 = 1e-6;
    let mut outcomes = Vec::new();
    // All parameters of the first; the stem of the second, to which the gradient comes through all else.
    for (name, count) in [("cifar_depthwise_biased", usize::MAX), ("imagenet_depthwise_plain", 2)] {
        let bytes = read(name);
        let training = Training::parse(&bytes);
        let plan = training.plan();
        let start = Reference::new(&plan, &training.source);
        let mut stepped = start.clone();
        stepped.step(&training.input, &training.labels, &training.settings);
        let loss = |parameter: usize, element: usize, by: f64| {
            let mut moved = start.clone();
            moved.buffers.parameters[parameter][element] += by;
            moved.loss(&training.input, &training.labels, &training.settings)
        };
        for (parameter, state) in plan.parameters.iter().enumerate().take(count) {
            let gradient = stepped.gradient(parameter);
            let peak = gradient.iter().fold(1e-3 * training.largest_gradient(), |peak, g| peak.max(g.abs()));
            // The first and the last element; of a batch norm these are of weight and bias.
            for element in [0, gradient.len() - 1] {
                let slope = (loss(parameter, element, H) - loss(parameter, element, -H)) / (2.0 * H);
                let of_peak = (slope - gradient[element]).abs() / peak;
                let what = format!("{name} {} at {element}", state.tensors[0].0);
                outcomes.push(match of_peak < 1e-5 {
                    true => Ok(Deviation { of_peak, index: element }),
                    false => Err(format!("{what}: the slope is {slope}, the gradient {}", gradient[element])),
                });
            }
        }
    }
    demand(outcomes);
}

#[test]
fn the_cpu_engine_trains_as_pytorch_does() {
    let mut outcomes = Vec::new();
    for name in names() {
        let bytes = read(&name);
        let training = Training::parse(&bytes);
        let mut engine = TrainingEngine::new(training.plan(), &training.source).unwrap();
        let (mut losses, mut worst) = (Vec::new(), [0.0_f64; 3]);
        let mut note = |part: usize, outcome: Result<Deviation, String>| {
            if let Ok(deviation) = &outcome {
                worst[part] = worst[part].max(deviation.of_peak);
            }
            outcomes.push(outcome);
        };
        for step in 1..=training.losses().len() {
            losses.push(engine.step(&training.input, &training.labels, &training.settings).unwrap().loss);
            if step == 1 {
                for (key, _, actual) in engine.gradients() {
                    note(0, training.check_gradient("the CPU", key, actual));
                }
            }
            if step == SHORT {
                for (key, _, actual) in engine.tensors() {
                    note(1, training.check_state("the CPU", key, actual));
                }
            }
        }
        note(2, training.check_losses("the CPU", &losses));
        let [gradients, states, losses] = worst;
        say(&format!("{name:<26} gradients {gradients:.1e}, after {SHORT} steps {states:.1e}, losses {losses:.1e}"));
    }
    demand(outcomes);
}

/// A plan that reuses the gradients' memory learns the same, to the bit, and so does the same plan again.
#[test]
fn steps_are_repeatable_to_the_bit() {
    for name in ["cifar_c8_plain", "imagenet_c1_biased"] {
        let bytes = read(name);
        let training = Training::parse(&bytes);
        let learned = |options: TrainingOptions| {
            let plan = TrainingPlan::new(training.graph(), options).unwrap();
            let mut engine = TrainingEngine::new(plan, &training.source).unwrap();
            let losses: Vec<u64> = (0..5)
                .map(|_| engine.step(&training.input, &training.labels, &training.settings).unwrap().loss.to_bits())
                .collect();
            let values = engine.tensors().flat_map(|(_, _, values)| values.iter().map(|value| value.to_bits()));
            (losses, values.collect::<Vec<u32>>())
        };
        let once = learned(TrainingOptions::default());
        assert!(once == learned(TrainingOptions::default()), "{name}: another run");
        assert!(
            once == learned(TrainingOptions { keep_gradients: true, ..TrainingOptions::default() }),
            "{name}: kept"
        );
    }
}

#[test]
fn a_wrong_batch_is_refused_and_changes_nothing() {
    let bytes = read("cifar_c1_plain");
    let training = Training::parse(&bytes);
    let mut engine = TrainingEngine::new(training.plan(), &training.source).unwrap();
    let (input, labels, settings) = (&training.input, &training.labels, &training.settings);
    let error = engine.step(&input[1..], labels, settings).unwrap_err();
    assert!(matches!(error, CpuError::Batch(BatchError::Input { got: 1484, .. })), "{error}");
    let error = engine.step(input, &labels[1..], settings).unwrap_err();
    assert_eq!(error.to_string(), "The batch needs 5 labels from 0 to 6, one per picture; got 4 labels.");
    let error = engine.step(input, &[0, 1, 2, 7, 3], settings).unwrap_err();
    assert_eq!(error.to_string(), "The batch needs 5 labels from 0 to 6, one per picture; got label 7.");
    let first = engine.step(input, labels, settings).unwrap();
    assert!((first.loss - training.losses()[0]).abs() < 1e-5);
}

#[test]
fn a_state_that_does_not_fit_is_refused_and_changes_nothing() {
    let bytes = read("cifar_c1_plain");
    let training = Training::parse(&bytes);
    let mut engine = TrainingEngine::new(training.plan(), &training.source).unwrap();
    engine.step(&training.input, &training.labels, &training.settings).unwrap();
    let learned: NamedTensors = engine.tensors().collect();
    // The tensors are all there, and no velocity.
    let error = engine.restore(&training.source, &NamedTensors::default()).unwrap_err();
    assert!(matches!(error, CpuError::Weight(WeightError::NoSuchTensor(_))), "{error}");
    assert!(learned == engine.tensors().collect::<NamedTensors>());
    engine.restore(&training.source, &learned).unwrap();
    assert!(learned != engine.tensors().collect::<NamedTensors>());
}

/// The comparators must see a wrong gradient, or the tests above prove nothing.
#[test]
fn a_wrong_gradient_shows() {
    let bytes = read("imagenet_c8_biased");
    let training = Training::parse(&bytes);
    let mut engine = TrainingEngine::new(training.plan(), &training.source).unwrap();
    engine.step(&training.input, &training.labels, &training.settings).unwrap();
    for (key, _, actual) in engine.gradients() {
        let mut wrong = actual.to_vec();
        let peak = wrong.iter().fold(0.0_f32, |peak, value| peak.max(value.abs()));
        wrong[0] += 3e-4 * peak.max(training.largest_gradient() as f32);
        assert!(training.check_gradient("the CPU", key, &wrong).is_err(), "{key}");
        wrong[0] = f32::NAN;
        assert!(training.check_gradient("the CPU", key, &wrong).is_err(), "{key}");
    }
    assert!(training.check_losses("the CPU", &[training.losses()[0] + 2e-3]).is_err());
    let expected = training.fixture.f64("after10/fc.bias").unwrap();
    let mut wrong: Vec<f32> = expected.iter().map(|&value| value as f32).collect();
    assert!(training.check_state("the CPU", "fc.bias", &wrong).is_ok());
    wrong[2] *= 1.01;
    assert!(training.check_state("the CPU", "fc.bias", &wrong).is_err());
    assert!(compare("length", &wrong[1..], &expected, 1.0).is_err());
}

#[test]
fn a_trainer_on_the_cpu_goes_on_from_what_it_gave() {
    pollster::block_on(crate::common::training::a_trainer_goes_on(&cardinal::classifier::Device::Cpu));
}
