//! A network that is trained on a set of pictures, step by step, and tested on others.

use std::rc::Rc;

use super::{Device, Engine, Trainer, TrainingState};
use crate::error::Error;
use crate::model::{BlockForm, Graph, ResNextConfig};
use crate::plan::{LearningStep, PROBABILITIES, Plan, PlanKind, TrainingOptions, TrainingPlan};
use crate::train::{Average, Batches, Network, Normalise, Pictures, Recipe, TrainError};
use crate::weights::{Metadata, NamedTensors};

/// The most pictures that are tested at a time.
const TEST_BATCH: usize = 100;

/// A network in training, with the moving average that is tested and saved.
pub struct TrainingRun {
    device: Device,
    trainer: Trainer,
    batches: Batches,
    metadata: Metadata,
    step: usize,
    average: Average,
    /// Numbers the moments of the average: tests of one moment share an engine.
    tester: Option<(usize, Engine)>,
}

impl TrainingRun {
    /// Brings a network to `device`, to be trained on `pictures`.
    ///
    /// # Errors
    /// Pictures that do not fit the network or the recipe, and what the device refuses.
    pub async fn begin(
        device: &Device,
        network: Network,
        recipe: Recipe,
        pictures: Rc<Pictures>,
    ) -> Result<Self, Error> {
        let Network { config, metadata, source } = network;
        let (side, classes) = (metadata.input_size, pictures.classes.len());
        let normalise = Normalise { side, mean: metadata.mean.clone(), std: metadata.std.clone() };
        let batches = Batches::new(pictures.clone(), recipe, normalise)?;
        if config.num_classes != classes {
            return Err(TrainError::Classes { classes, answers: config.num_classes }.into());
        }
        if pictures.side != side {
            return Err(TrainError::Side { expected: side, got: pictures.side }.into());
        }
        let plan = TrainingPlan::new(
            Graph::build(&config, recipe.batch_size, (side, side), BlockForm::C)?,
            TrainingOptions { tuning: device.tuning(), ..TrainingOptions::default() },
        )?;
        let trainer = Trainer::build(device, plan, &*source).await?;
        let device = device.clone();
        Ok(Self { device, trainer, batches, metadata, step: 0, average: Average::default(), tester: None })
    }

    /// The network's architecture.
    pub fn config(&self) -> &ResNextConfig {
        &self.plan().graph.config
    }

    /// What a step does.
    pub fn plan(&self) -> &TrainingPlan {
        self.trainer.plan()
    }

    /// What it learns from.
    pub fn pictures(&self) -> &Pictures {
        self.batches.pictures()
    }

    /// Steps so far.
    pub fn step_count(&self) -> usize {
        self.step
    }

    /// Steps of the whole run.
    pub fn steps(&self) -> usize {
        self.batches.steps()
    }

    /// Steps per epoch.
    pub fn steps_per_epoch(&self) -> usize {
        self.batches.per_epoch()
    }

    /// Whether all steps are taken.
    pub fn is_done(&self) -> bool {
        self.step >= self.steps()
    }

    /// Learns from the next batch.
    ///
    /// # Errors
    /// [`TrainError::Diverged`] where the loss is no number any more; what the device reports.
    pub async fn step(&mut self) -> Result<LearningStep, Error> {
        let (input, labels) = self.batches.batch(self.step);
        let settings = self.batches.recipe().settings_at(self.step, self.steps());
        let learned = self.trainer.step(&input, &labels, &settings).await?;
        if !learned.loss.is_finite() {
            return Err(TrainError::Diverged { step: self.step, loss: learned.loss }.into());
        }
        self.average.follow(self.step, self.trainer.tensors().await?);
        self.step += 1;
        Ok(learned)
    }

    /// The network as it is tested and saved: the average of what it was after each step; before the first, as it began.
    ///
    /// # Errors
    /// What the device reports.
    pub async fn network(&self) -> Result<NamedTensors, Error> {
        if self.step == 0 { self.trainer.tensors().await } else { Ok(self.average.tensors.clone()) }
    }

    /// What is known of the network, with its accuracy on the test pictures if that was measured.
    pub fn metadata(&self, test_accuracy: Option<f64>) -> Metadata {
        Metadata {
            classes: Some(self.pictures().classes.clone()),
            dataset: Some(self.pictures().name.clone()),
            test_accuracy,
            recipe: Some(self.batches.recipe().text()),
            ..self.metadata.clone()
        }
    }

    /// The probabilities of these test pictures, `[pictures, classes]`.
    ///
    /// # Errors
    /// What the device reports.
    pub async fn probabilities(&mut self, pictures: &[usize]) -> Result<Vec<Vec<f32>>, Error> {
        let mut rows = Vec::new();
        for part in pictures.chunks(TEST_BATCH) {
            let mut input = Vec::new();
            for &picture in part {
                self.batches.normalise().push(&self.batches.pictures().test, picture, &mut input);
            }
            let run = self.tester(part.len()).await?.run(&input).await?;
            let values = run.outputs.values(PROBABILITIES);
            rows.extend(values.chunks_exact(self.pictures().classes.len()).map(<[f32]>::to_vec));
        }
        Ok(rows)
    }

    /// How many of the test pictures it classifies correctly, of how many.
    ///
    /// # Errors
    /// What the device reports.
    pub async fn accuracy(&mut self) -> Result<(usize, usize), Error> {
        let count = self.pictures().test.count();
        let rows = self.probabilities(&(0..count).collect::<Vec<_>>()).await?;
        let largest = |row: &[f32]| row.iter().enumerate().max_by(|a, b| a.1.total_cmp(b.1)).map(|(class, _)| class);
        let labels = &self.pictures().test.labels;
        let right = rows.iter().zip(labels).filter(|(row, label)| largest(row) == Some(**label as usize)).count();
        Ok((right, count))
    }

    /// The average on its device, for `n` pictures.
    async fn tester(&mut self, n: usize) -> Result<&Engine, Error> {
        let fits = |(step, engine): &(usize, Engine)| *step == self.step && engine.plan().graph.input_shape().n == n;
        if !self.tester.as_ref().is_some_and(fits) {
            // The memory of the one before comes first.
            self.tester = None;
            let side = self.metadata.input_size;
            let graph = Graph::build(self.config(), n, (side, side), BlockForm::C)?;
            let plan = Plan::new(graph, PlanKind::Fused)?;
            let engine = Engine::build(&self.device, plan, &self.network().await?, &|_| {}).await?;
            self.tester = Some((self.step, engine));
        }
        match &self.tester {
            Some((_, engine)) => Ok(engine),
            None => unreachable!("it was just built"),
        }
    }

    /// This moment, with a note of the user's.
    ///
    /// # Errors
    /// What the device reports.
    pub async fn state(&self, note: String) -> Result<TrainingState, Error> {
        Ok(TrainingState {
            run: self.identity(),
            step: self.step,
            note,
            model: self.trainer.tensors().await?,
            velocities: self.trainer.velocities().await?,
            average: self.network().await?,
        })
    }

    /// Goes on from a moment of the same run.
    ///
    /// # Errors
    /// [`TrainError::OtherRun`], or a tensor that is missing or of another shape; then nothing has changed.
    pub fn restore(&mut self, state: TrainingState) -> Result<(), Error> {
        let TrainingState { run: got, step, model, velocities, average, .. } = state;
        let expected = self.identity();
        if got != expected {
            return Err(TrainError::OtherRun { expected, got }.into());
        }
        self.trainer.restore(&model, &velocities)?;
        self.average = Average { tensors: average };
        self.step = step;
        self.tester = None;
        Ok(())
    }

    /// `eps` of every batch norm, which [`TrainingState::parse`] asks for.
    pub fn bn_eps(&self) -> f64 {
        self.trainer.bn_eps()
    }

    /// What must be the same where a run goes on.
    fn identity(&self) -> String {
        let Pictures { name, train, test, .. } = self.pictures();
        let title = self.config().title();
        format!("{title}, {} and {} pictures of {name}, {}", train.count(), test.count(), self.batches.recipe().text())
    }
}
