//! A network with its weights and everything needed to use it on a picture.

use std::borrow::Cow;
use std::rc::Rc;

use crate::error::Error;
use crate::image::{Interpolation, Preprocess};
use crate::model::ResNextConfig;
use crate::weights::{self, Checkpoint, Metadata, TensorSource, Untrained, WeightError};

/// The seed of every untrained network on the page.
pub const UNTRAINED_SEED: u64 = 2017;

/// Cheap to clone: weights are shared.
#[derive(Clone)]
pub struct Model {
    name: Rc<str>,
    config: ResNextConfig,
    preprocess: Preprocess,
    checkpoint: Option<Rc<Checkpoint>>,
}

impl Model {
    /// Reads a safetensors file; `name` is what it is called on the page.
    pub fn from_checkpoint(name: &str, bytes: Vec<u8>) -> Result<Self, Error> {
        Ok(Self::new(name, Checkpoint::parse(bytes)?))
    }

    pub fn new(name: &str, checkpoint: Checkpoint) -> Self {
        Self {
            name: name.into(),
            config: checkpoint.config().clone(),
            preprocess: preprocess(checkpoint.metadata()),
            checkpoint: Some(Rc::new(checkpoint)),
        }
    }

    /// A network with Kaiming-normal weights from [`UNTRAINED_SEED`]: good for its latency, not for its answers.
    pub fn untrained(config: ResNextConfig) -> Self {
        let preprocess = preprocess(&Metadata::usual(&config));
        Self { name: config.title().into(), config, preprocess, checkpoint: None }
    }

    /// The same network at another setting: with the trained weights where `config` is the checkpoint's own, untrained
    /// otherwise.
    pub fn at(&self, config: ResNextConfig) -> Self {
        Self { config, ..self.clone() }
    }

    pub fn name(&self) -> &str {
        &self.name
    }

    pub fn config(&self) -> &ResNextConfig {
        &self.config
    }

    pub fn is_trained(&self) -> bool {
        self.trained().is_some()
    }

    /// Names of the classes. An untrained network has none: its answers mean nothing.
    pub fn labels(&self) -> Option<&[String]> {
        self.trained().and_then(|checkpoint| checkpoint.metadata().classes.as_deref())
    }

    pub fn preprocess(&self) -> &Preprocess {
        &self.preprocess
    }

    /// Side of the square input in pixels.
    pub fn input_size(&self) -> usize {
        self.preprocess.crop
    }

    /// Share of its test set that it classified rightly, as its file says.
    pub fn test_accuracy(&self) -> Option<f64> {
        self.trained().and_then(|checkpoint| checkpoint.metadata().test_accuracy)
    }

    fn trained(&self) -> Option<&Checkpoint> {
        self.checkpoint.as_deref().filter(|checkpoint| *checkpoint.config() == self.config)
    }
}

impl TensorSource for Model {
    fn tensor(&self, name: &str, shape: &[usize]) -> Result<Cow<'_, [f32]>, WeightError> {
        match self.trained() {
            Some(checkpoint) => checkpoint.tensor(name, shape),
            None => Ok(Untrained { seed: UNTRAINED_SEED }.tensor(name, shape)?.into_owned().into()),
        }
    }

    fn bn_eps(&self) -> f64 {
        self.trained().map_or(weights::BN_EPS, |checkpoint| checkpoint.bn_eps())
    }
}

/// How a checkpoint's pictures are prepared.
pub fn preprocess(metadata: &Metadata) -> Preprocess {
    Preprocess {
        resize: metadata.resize,
        crop: metadata.input_size,
        interpolation: match metadata.interpolation {
            weights::Interpolation::Bilinear => Interpolation::Bilinear,
            weights::Interpolation::Bicubic => Interpolation::Bicubic,
        },
        mean: metadata.mean.clone(),
        std: metadata.std.clone(),
    }
}
