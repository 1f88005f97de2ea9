//! The facade: load a network, classify, measure, profile, turn the cardinality.

mod answer;
mod engine;
mod measure;
mod network;

pub use answer::{Answer, Prediction, Timing, top_k};
pub use engine::{Device, Engine};
pub use measure::{Measurement, Stats};
pub use network::{Model, UNTRAINED_SEED, preprocess};

pub use crate::gpu::{Progress, Run, StepTime};

use crate::error::Error;
use crate::model::{BlockForm, Graph};
use crate::plan::{Plan, PlanOptions};

/// Answers shown for a picture.
pub const TOP_K: usize = 5;

/// A network on a device, ready to run.
pub struct Classifier {
    model: Model,
    engine: Engine,
}

impl Classifier {
    /// Plans the network for one picture at a time, compiles, brings the weights to the device layer by layer with pauses
    /// for the browser in between, and runs once to warm up. `device` is a [`Device`] or an open GPU.
    pub async fn load(
        device: impl Into<Device>,
        model: &Model,
        options: impl Into<PlanOptions>,
        progress: impl Fn(Progress),
    ) -> Result<Self, Error> {
        Self::load_batch(device, model, options, 1, progress).await
    }

    /// [`Classifier::load`] for `n` pictures at a time.
    pub async fn load_batch(
        device: impl Into<Device>,
        model: &Model,
        options: impl Into<PlanOptions>,
        n: usize,
        progress: impl Fn(Progress),
    ) -> Result<Self, Error> {
        Self::load_telling(&device.into(), model, options.into(), n, &progress).await
    }

    /// For whatever listener: all of loading would be compiled again for each.
    async fn load_telling(
        device: &Device,
        model: &Model,
        options: PlanOptions,
        n: usize,
        progress: &dyn Fn(Progress),
    ) -> Result<Self, Error> {
        let side = model.input_size();
        let graph = Graph::build(model.config(), n, (side, side), BlockForm::C)?;
        let tuning = options.tuning.or_else(|| device.tuning());
        let plan = Plan::new(graph, PlanOptions { tuning, ..options })?;
        let engine = Engine::build(device, plan, model, progress).await?;
        progress(Progress::WarmUp);
        let classifier = Self { model: model.clone(), engine };
        let zeros = vec![0.0; classifier.graph().input_shape().len()];
        classifier.engine.run(&zeros).await?;
        Ok(classifier)
    }

    /// Classifies one picture: `input` is [`crate::image::Prepared::tensor`].
    pub async fn classify(&self, input: &[f32]) -> Result<Answer, Error> {
        let run = self.engine.run(input).await?;
        Ok(self.answer(&run, 0))
    }

    /// Classifies a batch: `input` is `n` tensors one after the other.
    pub async fn classify_batch(&self, input: &[f32]) -> Result<Vec<Answer>, Error> {
        let run = self.engine.run(input).await?;
        Ok((0..self.graph().input_shape().n).map(|n| self.answer(&run, n)).collect())
    }

    /// Milliseconds of every step.
    pub async fn profile(&self, input: &[f32]) -> Result<Vec<StepTime>, Error> {
        self.engine.profile(input).await
    }

    pub fn graph(&self) -> &Graph {
        &self.plan().graph
    }

    pub fn plan(&self) -> &Plan {
        self.engine.plan()
    }

    /// Bytes it takes on its device: weights and activations.
    pub fn bytes(&self) -> usize {
        self.engine.bytes()
    }

    pub fn model(&self) -> &Model {
        &self.model
    }

    fn answer(&self, run: &Run, n: usize) -> Answer {
        let classes = self.model.config().num_classes;
        let row = |values: &[f32]| values[n * classes..(n + 1) * classes].to_vec();
        // The plan's outputs are logits and probabilities, in this order.
        let (logits, probabilities) = (row(&run.outputs[0]), row(&run.outputs[1]));
        let top_k = top_k(&probabilities, TOP_K)
            .into_iter()
            .map(|(index, probability)| {
                let label = self.model.labels().and_then(|labels| labels.get(index)).cloned();
                Prediction { index, label, probability }
            })
            .collect();
        Answer { logits, probabilities, top_k, timing: Timing { wall_ms: run.wall_ms, gpu_ms: run.gpu_ms } }
    }
}
