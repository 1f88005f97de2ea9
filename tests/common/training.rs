//! Reads `tests/data/training`: small networks that PyTorch has trained, and how far its own f32 is from its f64.

use cardinal::classifier::{Device, Trainer};
use cardinal::model::{BlockForm, Graph, ResNextConfig, Stem, WidthRule};
use cardinal::plan::{Hyperparameters, State, TrainingOptions, TrainingPlan};
use cardinal::weights::NamedTensors;
use serde_json::Value;

use super::compare::{Deviation, compare};
use super::fixture::Fixture;
use super::prng::{self, Generated};

/// Gradients, and what 10 steps make of weights and running statistics, relative to the peak of the tensor.
const TOLERANCE: f64 = 1e-4;
/// The loss of any of the first 10 steps, and of those after them: sooner or later a ReLU's input is so near zero that rounding decides whether
/// it is open, and from then on the networks differ a little.
const LOSS_TOLERANCES: [f64; 2] = [1e-3, 5e-3];
/// Where PyTorch's own f32 is further than the tolerance from its f64: times that.
const NOISE: f64 = 5.0;
/// Steps after which the fixtures have the state.
pub const SHORT: usize = 10;

/// The names of all networks.
pub fn names() -> Vec<String> {
    let mut names = Vec::new();
    for stem in ["cifar", "imagenet"] {
        for grouping in ["c1", "c8", "depthwise"] {
            names.extend(["plain", "biased"].map(|kind| format!("{stem}_{grouping}_{kind}")));
        }
    }
    names
}

/// The bytes of a network's fixture.
pub fn read(name: &str) -> Vec<u8> {
    let path = format!("{}/tests/data/training/{name}.safetensors", env!("CARGO_MANIFEST_DIR"));
    std::fs::read(&path).unwrap_or_else(|error| panic!("{path}: {error}"))
}

/// A network to be trained, and what PyTorch made of it.
pub struct Training<'a> {
    pub fixture: Fixture<'a>,
    pub config: ResNextConfig,
    pub source: Generated,
    pub input: Vec<f32>,
    pub labels: Vec<u32>,
    pub settings: Hyperparameters,
}

impl<'a> Training<'a> {
    pub fn parse(bytes: &'a [u8]) -> Self {
        let fixture = Fixture::parse(bytes);
        let case = &fixture.case;
        let (widths, groups) = (fixture.numbers("widths"), fixture.numbers("groups"));
        let shape = fixture.numbers("input");
        let config = ResNextConfig {
            blocks: fixture.numbers("blocks"),
            out_channels: fixture.numbers("planes").iter().map(|planes| 4 * planes).collect(),
            strides: fixture.numbers("strides"),
            cardinality: groups[0],
            base_width: 0,
            width_rule: WidthRule::PerStage { widths, groups },
            num_classes: fixture.number("classes"),
            stem: if case["stem"] == "cifar" { Stem::Cifar } else { Stem::Imagenet },
            stem_channels: fixture.number("stem_channels"),
            in_channels: shape[1],
            conv_bias: case["conv_bias"].as_bool().unwrap(),
            ..ResNextConfig::cifar(1, 1, 1)
        };
        let seed = fixture.number("seed") as u64;
        let start = prng::start(seed, "labels");
        let label = |k: usize| (prng::unit(start, k as u64) * config.num_classes as f64) as u32;
        let optimiser = &case["optimiser"];
        let number = |key: &str| optimiser[key].as_f64().unwrap() as f32;
        let settings = Hyperparameters {
            lr: number("lr"),
            momentum: number("momentum"),
            nesterov: optimiser["nesterov"].as_bool().unwrap(),
            weight_decay: number("weight_decay"),
            decay_weights_only: optimiser["decay_weights_only"].as_bool().unwrap(),
            label_smoothing: number("label_smoothing"),
        };
        Self {
            source: Generated { seed },
            input: prng::normal(seed, "input", shape.iter().product(), 1.0),
            labels: (0..shape[0]).map(label).collect(),
            settings,
            config,
            fixture,
        }
    }

    pub fn graph(&self) -> Graph {
        let shape = self.fixture.numbers("input");
        Graph::build(&self.config, shape[0], (shape[2], shape[3]), BlockForm::C).expect("a network")
    }

    pub fn plan(&self) -> TrainingPlan {
        let options = TrainingOptions { keep_gradients: true, ..TrainingOptions::default() };
        TrainingPlan::new(self.graph(), options).expect("it can be trained")
    }

    /// Compares the gradient of a parameter.
    pub fn check_gradient(&self, on: &str, key: &str, actual: &[f32]) -> Result<Deviation, String> {
        let what = format!("{} on {on}: gradient of {key}", self.fixture.name());
        let expected = self.fixture.f64(&format!("grad/{key}")).ok_or(format!("{what}: not in the fixture"))?;
        let noise = self.noise("gradients", key);
        let tolerance = TOLERANCE.max(NOISE * noise);
        if !list_of(&self.fixture.case["zero_gradients"]).contains(&key) {
            return compare(&what, actual, &expected, tolerance);
        }
        // Zero but for rounding: what is left is measured against the network's largest gradient.
        let left = actual.iter().fold(0.0_f64, |peak, &value| peak.max(f64::from(value).abs()));
        let of_peak = left / self.largest_gradient();
        // `max` passes over NaN.
        if !actual.iter().all(|value| value.is_finite()) || of_peak > tolerance {
            return Err(format!("{what}: {of_peak:.1e} of the largest gradient; allowed {tolerance:.0e}"));
        }
        Ok(Deviation { of_peak, index: 0 })
    }

    /// Compares a parameter or running statistic after 10 steps.
    pub fn check_state(&self, on: &str, key: &str, actual: &[f32]) -> Result<Deviation, String> {
        let what = format!("{} on {on}: {key} after {SHORT} steps", self.fixture.name());
        let expected = self.fixture.f64(&format!("after10/{key}")).ok_or(format!("{what}: not in the fixture"))?;
        compare(&what, actual, &expected, TOLERANCE.max(NOISE * self.noise("after10", key)))
    }

    /// Compares the losses of the first steps.
    pub fn check_losses(&self, on: &str, losses: &[f64]) -> Result<Deviation, String> {
        let noise = self.fixture.case["noise"]["losses"].as_f64().unwrap();
        let mut worst = Deviation { of_peak: 0.0, index: 0 };
        for (index, (actual, expected)) in losses.iter().zip(self.losses()).enumerate() {
            let off = (actual - expected).abs();
            let tolerance = LOSS_TOLERANCES[usize::from(index >= SHORT)].max(NOISE * noise);
            if off.is_nan() || off > tolerance {
                let name = self.fixture.name();
                return Err(format!(
                    "{name} on {on}: loss {index}: {actual}, expected {expected}; allowed {tolerance:.0e}"
                ));
            }
            if off > worst.of_peak {
                worst = Deviation { of_peak: off, index };
            }
        }
        Ok(worst)
    }

    /// PyTorch's losses in f64.
    pub fn losses(&self) -> Vec<f64> {
        self.fixture.f64("losses").expect("a fixture has losses")
    }

    /// The magnitude of the largest gradient of all.
    pub fn largest_gradient(&self) -> f64 {
        let keys = self.fixture.case["noise"]["gradients"].as_object().expect("the noise by key").keys();
        let values = keys.flat_map(|key| self.fixture.f64(&format!("grad/{key}")).unwrap());
        values.fold(0.0, |peak, value| peak.max(value.abs()))
    }

    /// How far PyTorch's f32 is from its f64.
    fn noise(&self, what: &str, key: &str) -> f64 {
        self.fixture.case["noise"][what][key].as_f64().unwrap_or_else(|| panic!("no {what} of {key}"))
    }
}

/// A [`Trainer`] learns as PyTorch does, and one that is given its tensors and velocities goes on as it does.
pub async fn a_trainer_goes_on(device: &Device) {
    let bytes = read("cifar_c8_biased");
    let training = Training::parse(&bytes);
    let (input, labels, settings) = (&training.input[..], &training.labels[..], &training.settings);
    assert!(settings.momentum > 0.0, "velocities count");
    let build = async || Trainer::build(device, training.plan(), &training.source).await.unwrap();
    let learn = async |trainer: &mut Trainer| trainer.step(input, labels, settings).await.unwrap().loss;

    let mut first = build().await;
    let mut losses = vec![learn(&mut first).await, learn(&mut first).await];
    let keys = |states: &[State]| states.iter().map(|state| state.tensors.len()).sum::<usize>();
    let (parameters, running) = (keys(&first.plan().parameters), keys(&first.plan().running));
    let (tensors, velocities) = (first.tensors().await.unwrap(), first.velocities().await.unwrap());
    assert_eq!((tensors.tensors.len(), velocities.tensors.len()), (parameters + running, parameters));
    assert_eq!(first.gradients().await.unwrap().tensors.len(), parameters);
    losses.extend([learn(&mut first).await, learn(&mut first).await]);
    super::compare::demand([training.check_losses("a trainer", &losses)]);

    let mut later = build().await;
    assert_eq!(later.bn_eps(), first.bn_eps());
    later.restore(&tensors, &velocities).unwrap();
    assert_eq!([learn(&mut later).await, learn(&mut later).await], losses[2..], "the same to the bit");
    // The loss of the second step depends on the velocities of the first.
    later.restore(&tensors, &tensors).unwrap();
    assert_eq!(learn(&mut later).await, losses[2]);
    assert_ne!(learn(&mut later).await, losses[3], "other velocities");
    assert!(later.restore(&tensors, &NamedTensors::default()).is_err(), "no velocities");

    // A step that is timed is a step.
    later.restore(&tensors, &velocities).unwrap();
    let times = later.profile(input, labels, settings).await.unwrap();
    assert_eq!(times.len(), later.plan().steps.len());
    assert!(times.iter().all(|&ms| ms >= 0.0) && times.iter().sum::<f64>() > 0.0);
    assert_eq!(learn(&mut later).await, losses[3]);
}

fn list_of(value: &Value) -> Vec<&str> {
    value.as_array().expect("a list").iter().filter_map(Value::as_str).collect()
}
