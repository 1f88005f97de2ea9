//! A network with its weights and everything needed to use it on a picture.

use std::rc::Rc;

use crate::error::Error;
use crate::image::Preprocess;
use crate::model::ResNextConfig;
use crate::weights::{
    ByteSource, Metadata, Pending, StoredCheckpoint, TensorSource, Untrained, WeightError, WeightSource,
};

/// The seed of every untrained network on the page.
pub const UNTRAINED_SEED: u64 = 2017;
const UNTRAINED: Untrained = Untrained { seed: UNTRAINED_SEED };

/// Cheap to clone: weights are shared.
#[derive(Clone)]
pub struct Model {
    name: Rc<str>,
    config: ResNextConfig,
    preprocess: Preprocess,
    checkpoint: Option<Rc<StoredCheckpoint>>,
}

impl Model {
    /// Reads what a safetensors file says of itself; its numbers stay where they are until the network is loaded. `name`
    /// is what it is called on the page, `config_json` timm's `config.json` from beside the file.
    pub async fn open(name: &str, source: Rc<dyn ByteSource>, config_json: Option<&str>) -> Result<Self, Error> {
        let checkpoint = StoredCheckpoint::open(source, config_json).await?;
        Ok(Self {
            name: name.into(),
            config: checkpoint.config().clone(),
            preprocess: preprocess(checkpoint.metadata()),
            checkpoint: Some(Rc::new(checkpoint)),
        })
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

    /// What the network is called on the page.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// The configuration that is loaded: the checkpoint's own, or another of its family.
    pub fn config(&self) -> &ResNextConfig {
        &self.config
    }

    /// Whether there are trained weights for [`Model::config`].
    pub fn is_trained(&self) -> bool {
        self.trained().is_some()
    }

    /// Names of the classes. An untrained network has none: its answers mean nothing.
    pub fn labels(&self) -> Option<&[String]> {
        self.metadata().and_then(|metadata| metadata.classes.as_deref())
    }

    /// How a picture becomes the input tensor.
    pub fn preprocess(&self) -> &Preprocess {
        &self.preprocess
    }

    /// Side of the square input in pixels.
    pub fn input_size(&self) -> usize {
        self.preprocess.crop
    }

    /// Share of its test set that it classified rightly, as its file says.
    pub fn test_accuracy(&self) -> Option<f64> {
        self.metadata().and_then(|metadata| metadata.test_accuracy)
    }

    /// What the weights' file says of itself; an untrained network has none.
    pub fn metadata(&self) -> Option<&Metadata> {
        self.trained().map(StoredCheckpoint::metadata)
    }

    fn trained(&self) -> Option<&StoredCheckpoint> {
        self.checkpoint.as_deref().filter(|checkpoint| *checkpoint.config() == self.config)
    }
}

impl WeightSource for Model {
    fn fetch<'a>(&'a self, names: &'a [String]) -> Pending<'a, Result<Box<dyn TensorSource + 'a>, WeightError>> {
        match self.trained() {
            Some(checkpoint) => checkpoint.fetch(names),
            None => Box::pin(async { Ok(Box::new(UNTRAINED) as Box<dyn TensorSource>) }),
        }
    }

    fn position(&self, name: &str) -> u64 {
        self.trained().map_or(0, |checkpoint| checkpoint.position(name))
    }
}

/// How a checkpoint's pictures are prepared.
pub fn preprocess(metadata: &Metadata) -> Preprocess {
    Preprocess {
        resize: metadata.resize,
        crop: metadata.input_size,
        interpolation: metadata.interpolation,
        mean: metadata.mean.clone(),
        std: metadata.std.clone(),
    }
}
