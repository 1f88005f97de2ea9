//! A network in training, as a race uses it.

use crate::Error;
use crate::classifier::{TrainingRun, TrainingState};
use crate::plan::LearningStep;
use crate::weights::{Metadata, NamedTensors};

/// One of the two networks of a race. [`TrainingRun`] is one; in the tests there are others.
pub trait Racer: 'static {
    /// Learns the next batch.
    ///
    /// # Errors
    /// What the device reports.
    fn step(&mut self) -> impl Future<Output = Result<LearningStep, Error>>;

    /// How many test pictures it names correctly, and how many there are.
    ///
    /// # Errors
    /// What the device reports.
    fn accuracy(&mut self) -> impl Future<Output = Result<(usize, usize), Error>>;

    /// The probabilities of all classes for each of these test pictures.
    ///
    /// # Errors
    /// What the device reports.
    fn probabilities(&mut self, pictures: &[usize]) -> impl Future<Output = Result<Vec<Vec<f32>>, Error>>;

    /// The network that is tested and saved.
    ///
    /// # Errors
    /// What the device reports.
    fn network(&self) -> impl Future<Output = Result<NamedTensors, Error>>;

    /// What its file says of it, with its accuracy on the test pictures.
    fn metadata(&self, test_accuracy: Option<f64>) -> Metadata;

    /// All that it needs to go on.
    ///
    /// # Errors
    /// What the device reports.
    fn state(&self) -> impl Future<Output = Result<Vec<u8>, Error>>;

    /// Goes on from a state.
    ///
    /// # Errors
    /// A state of something else.
    fn restore(&mut self, state: &[u8]) -> Result<(), Error>;
}

impl Racer for TrainingRun {
    async fn step(&mut self) -> Result<LearningStep, Error> {
        self.step().await
    }

    async fn accuracy(&mut self) -> Result<(usize, usize), Error> {
        self.accuracy().await
    }

    async fn probabilities(&mut self, pictures: &[usize]) -> Result<Vec<Vec<f32>>, Error> {
        self.probabilities(pictures).await
    }

    async fn network(&self) -> Result<NamedTensors, Error> {
        self.network().await
    }

    fn metadata(&self, test_accuracy: Option<f64>) -> Metadata {
        self.metadata(test_accuracy)
    }

    async fn state(&self) -> Result<Vec<u8>, Error> {
        Ok(self.state(String::new()).await?.to_bytes())
    }

    fn restore(&mut self, state: &[u8]) -> Result<(), Error> {
        let state = TrainingState::parse(state, self.bn_eps())?;
        self.restore(state)
    }
}
