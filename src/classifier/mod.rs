//! The facade: loads a network, classifies pictures, measures and profiles, gives a network a head that was taught, and trains one.

mod class_activation;
mod classification;
#[cfg(feature = "page")]
mod cores;
mod engine;
mod forms;
mod group;
mod measure;
mod network;
mod options;
mod self_check;
mod taught;
mod trainer;
mod training_run;
mod training_state;

pub use class_activation::{ClassActivation, class_rows, head_weight};
pub use classification::{Classification, Prediction, Timing, answers, top_k};
#[cfg(feature = "page")]
pub use cores::time_cores;
pub use engine::{Device, DeviceOf, Engine};
pub use forms::{BlockForms, largest_difference};
pub use group::Group;
pub use measure::{Measurement, Stats, percentiles};
pub use network::{Model, UNTRAINED_SEED, preprocess};
pub use options::LoadOptions;
pub use trainer::Trainer;
pub use training_run::TrainingRun;
pub use training_state::TrainingState;

pub use crate::gpu::{Progress, Run, StepTime};

use std::cell::RefCell;
use std::rc::Rc;

use crate::error::Error;
use crate::model::Graph;
use crate::plan::{LOGITS, Outputs, PROBABILITIES, Plan, PlanOptions};

/// Number of classes in [`Classification::top_k`].
pub const TOP_K: usize = 5;

/// A network on a device, ready to run.
pub struct Classifier {
    model: Model,
    engine: Engine,
    /// The weight of the linear layer, once a class activation map was asked for.
    head: RefCell<Option<Rc<[f32]>>>,
}

impl Classifier {
    /// Plans the network, compiles its kernels, uploads the weights layer by layer, and runs once on zeros if
    /// [`LoadOptions::warm_up`] is set. `device` is a [`Device`] or an open GPU; `options` a [`LoadOptions`], a `PlanKind` or a
    /// [`PlanOptions`].
    ///
    /// # Errors
    /// [`Error`] if the network cannot be built or planned, its weights cannot be read, or the device fails.
    pub async fn load(
        device: impl Into<Device>,
        model: &Model,
        options: impl Into<LoadOptions>,
        progress: impl Fn(Progress),
    ) -> Result<Self, Error> {
        Self::load_on(&device.into(), model, &options.into(), &progress).await
    }

    /// The part of [`Classifier::load`] that is not generic, so that it is compiled once.
    async fn load_on(
        device: &Device,
        model: &Model,
        options: &LoadOptions,
        progress: &dyn Fn(Progress),
    ) -> Result<Self, Error> {
        let side = model.input_size();
        let graph = Graph::build(model.config(), options.batch, (side, side), options.form)?;
        let tuning = device.usable(options.tuning);
        let outputs: Vec<&str> = options.outputs.iter().map(String::as_str).collect();
        let plan = Plan::with_outputs(graph, PlanOptions { tuning, ..options.plan_options() }, &outputs)?;
        let engine = Engine::build(device, plan, model, progress).await?;
        let classifier = Self { model: model.clone(), engine, head: RefCell::default() };
        if options.warm_up {
            progress(Progress::WarmUp);
            let zeros = vec![0.0; classifier.graph().input_shape().len()];
            classifier.engine.run(&zeros).await?;
        }
        Ok(classifier)
    }

    /// Classifies one picture: `input` is [`crate::image::Prepared::tensor`], `[in_channels, side, side]`.
    ///
    /// # Errors
    /// As [`Engine::run`].
    pub async fn classify(&self, input: &[f32]) -> Result<Classification, Error> {
        let run = self.engine.run(input).await?;
        Ok(self.answer(&run, 0))
    }

    /// Classifies [`LoadOptions::batch`] pictures: `input` is their tensors in turn, `[batch, in_channels, side, side]`.
    ///
    /// # Errors
    /// As [`Engine::run`].
    pub async fn classify_batch(&self, input: &[f32]) -> Result<Vec<Classification>, Error> {
        let run = self.engine.run(input).await?;
        Ok((0..self.graph().input_shape().n).map(|n| self.answer(&run, n)).collect())
    }

    /// Runs on `input`, as [`Classifier::classify_batch`] takes it, and gives the milliseconds per step of the plan.
    ///
    /// # Errors
    /// As [`Engine::run`].
    pub async fn profile(&self, input: &[f32]) -> Result<Vec<StepTime>, Error> {
        self.engine.profile(input).await
    }

    /// Runs on `input`, as [`Classifier::classify_batch`] takes it, and gives the outputs of the named layers and blocks, such as
    /// `layer1.0.bn2` or `layer1.0`.
    ///
    /// # Errors
    /// As [`Engine::read`].
    pub async fn read(&self, input: &[f32], names: &[&str]) -> Result<Outputs, Error> {
        self.engine.read(input, names).await
    }

    /// The graph of [`Classifier::model`] at [`LoadOptions::batch`] pictures and in [`LoadOptions::form`].
    pub fn graph(&self) -> &Graph {
        &self.plan().graph
    }

    /// The plan that runs.
    pub fn plan(&self) -> &Plan {
        self.engine.plan()
    }

    /// Bytes of its weights and activations on the device.
    pub fn bytes(&self) -> usize {
        self.engine.bytes()
    }

    /// The network and the source of its weights.
    pub fn model(&self) -> &Model {
        &self.model
    }

    fn answer(&self, run: &Run, n: usize) -> Classification {
        let classes = self.model.config().num_classes;
        let row = |name: &str| run.outputs.values(name)[n * classes..(n + 1) * classes].to_vec();
        let (logits, probabilities) = (row(LOGITS), answers(row(PROBABILITIES)));
        let top_k = top_k(&probabilities, TOP_K)
            .into_iter()
            .map(|(index, probability)| {
                let label = self.model.labels().and_then(|labels| labels.get(index)).cloned();
                Prediction { index, label, probability }
            })
            .collect();
        let timing = Timing { wall_ms: run.wall_ms, gpu_ms: run.gpu_ms };
        Classification { run: run.id, logits, probabilities, top_k, outputs: run.outputs.extra(n), timing }
    }
}
