//! A network with the source of its weights, its preprocessing and its class names.

use std::rc::Rc;

use super::taught::TaughtHead;
use crate::error::Error;
use crate::image::Preprocess;
use crate::model::ResNextConfig;
use crate::teach::Head;
use crate::weights::{
    ByteSource, InThisProgram, Metadata, Pending, Reading, StoredCheckpoint, TensorSource, TorchReader, Untrained,
    WeightError, WeightSource,
};

/// The seed of every untrained network on the page.
pub const UNTRAINED_SEED: u64 = 2017;
const UNTRAINED: Untrained = Untrained { seed: UNTRAINED_SEED };

/// A network, the source of its weights, and its preprocessing. Clones share the weights.
#[derive(Clone)]
pub struct Model {
    name: Rc<str>,
    config: ResNextConfig,
    preprocess: Preprocess,
    checkpoint: Option<Rc<StoredCheckpoint>>,
    head: Option<Rc<TaughtHead>>,
}

impl Model {
    /// Reads the header of a weights file; the values are read when the network is loaded. `name` is the network's name
    /// on the page, `config_json` a description from beside the file.
    ///
    /// # Errors
    /// [`Error::Weight`] if the file is refused, as by [`StoredCheckpoint::open`].
    pub async fn open(name: &str, source: Rc<dyn ByteSource>, config_json: Option<&str>) -> Result<Self, Error> {
        Self::open_with(&InThisProgram, name, source, config_json).await
    }

    /// As [`Model::open`], where `torch` reads PyTorch's files.
    ///
    /// # Errors
    /// As [`Model::open`], and what `torch` refuses.
    pub async fn open_with(
        torch: &dyn TorchReader,
        name: &str,
        source: Rc<dyn ByteSource>,
        config_json: Option<&str>,
    ) -> Result<Self, Error> {
        Ok(Self::of_checkpoint(name, StoredCheckpoint::open_with(torch, source, config_json).await?))
    }

    fn of_checkpoint(name: &str, checkpoint: StoredCheckpoint) -> Self {
        Self {
            name: name.into(),
            config: checkpoint.config().clone(),
            preprocess: preprocess(checkpoint.metadata()),
            checkpoint: Some(Rc::new(checkpoint)),
            head: None,
        }
    }

    /// The same weights with another description, such as a `config.json`; `None` for an untrained network, which has none to
    /// describe, and for one with a head that was taught, whose classes are known. What it says has precedence over all that is known
    /// so far.
    ///
    /// # Errors
    /// [`Error::Weight`] if the description cannot be read or does not fit the weights.
    pub fn described(&self, json: &str) -> Result<Option<Self>, Error> {
        let Some(checkpoint) = self.trained().filter(|_| self.taught().is_none()) else { return Ok(None) };
        Ok(Some(Self::of_checkpoint(&self.name, checkpoint.described(json)?)))
    }

    /// How its file was read; an untrained network has none.
    pub fn reading(&self) -> Option<&Reading> {
        self.trained().map(StoredCheckpoint::reading)
    }

    /// A network with Kaiming-normal weights from [`UNTRAINED_SEED`]: good for measuring latency, not for classifying.
    pub fn untrained(config: ResNextConfig) -> Self {
        let preprocess = preprocess(&Metadata::usual(&config));
        Self { name: config.title().into(), config, preprocess, checkpoint: None, head: None }
    }

    /// The same network with a head that was taught to tell `classes` apart, in the place of its own. It is a network like any
    /// other: it classifies, it has class activation maps, and it can be saved whole. `recipe` says how it was taught.
    ///
    /// A head of other sizes than the network's features and `classes` is refused when the network is loaded.
    pub fn with_head(&self, classes: Vec<String>, head: &Head, recipe: String) -> Self {
        let usual = || Metadata::usual(&self.config);
        let known = self.metadata().cloned().unwrap_or_else(usual);
        let recipe = known.recipe.iter().cloned().chain([recipe]).collect::<Vec<_>>().join("; ");
        let taught = TaughtHead::new(&self.config, Metadata { recipe: Some(recipe), ..known }, classes, head);
        Self { config: taught.config.clone(), head: Some(Rc::new(taught)), ..self.clone() }
    }

    /// The same network with another configuration: with trained weights if `config` is the checkpoint's own, otherwise
    /// untrained.
    pub fn at(&self, config: ResNextConfig) -> Self {
        Self { config, ..self.clone() }
    }

    /// The network's name on the page.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// The configuration that is loaded: the checkpoint's own, or another of its family.
    pub fn config(&self) -> &ResNextConfig {
        &self.config
    }

    /// Whether there are trained weights for [`Model::config`], or a head that was taught.
    pub fn is_trained(&self) -> bool {
        self.metadata().is_some()
    }

    /// Whether it has a head that was taught, for [`Model::config`].
    pub fn is_taught(&self) -> bool {
        self.taught().is_some()
    }

    /// Names of the classes, in the order of the logits. An untrained network has none: its outputs mean nothing.
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

    /// Top-1 accuracy on its test set as its file states it, 0 to 1.
    pub fn test_accuracy(&self) -> Option<f64> {
        self.metadata().and_then(|metadata| metadata.test_accuracy)
    }

    /// The metadata of the weights file, with those of a head that was taught; an untrained network has none.
    pub fn metadata(&self) -> Option<&Metadata> {
        let of_head = self.taught().map(|head| &head.metadata);
        of_head.or_else(|| self.trained().map(StoredCheckpoint::metadata))
    }

    /// The taught head, if it is for [`Model::config`].
    fn taught(&self) -> Option<&TaughtHead> {
        self.head.as_deref().filter(|head| head.config == self.config)
    }

    /// The checkpoint, if it is for [`Model::config`], up to a head that was taught.
    fn trained(&self) -> Option<&StoredCheckpoint> {
        let fits = |config: &ResNextConfig| *config == self.config || self.taught().is_some();
        self.checkpoint.as_deref().filter(|checkpoint| fits(checkpoint.config()))
    }
}

impl WeightSource for Model {
    fn fetch<'a>(&'a self, names: &'a [String]) -> Pending<'a, Result<Box<dyn TensorSource + 'a>, WeightError>> {
        Box::pin(async move {
            let base = match self.trained() {
                Some(checkpoint) => checkpoint.fetch(names).await?,
                None => Box::new(UNTRAINED) as Box<dyn TensorSource>,
            };
            Ok(match self.taught() {
                Some(head) => head.over(base),
                None => base,
            })
        })
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
