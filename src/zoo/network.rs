//! What is known of a network: its configuration, its files of weights, the names of its classes.

use serde::{Deserialize, Serialize};

use crate::image::Preprocess;
use crate::model::ResNextConfig;

/// The name of every hosted checkpoint's file.
pub const HUB_FILE: &str = "model.safetensors";

/// The [`Network::id`] of a network from a file: a link cannot carry it.
pub const FILE_ID: &str = "file";
/// The [`Network::id`] of a network from an address of the visitor's own.
pub const URL_ID: &str = "url";

/// A network the page can show: one of those on offer, or one that the visitor brought.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Network {
    /// Its name in the address; networks that visitors bring share one ([`FILE_ID`], [`URL_ID`]).
    pub id: String,
    /// What the page calls it.
    pub title: String,
    /// What it tells apart, in a few words.
    pub knows: String,
    /// The configuration of its own weights, or the one that runs untrained.
    pub config: ResNextConfig,
    /// Side of its square input in pixels.
    pub side: usize,
    /// Its own weights, then those of its twins at other cardinalities. Without any it runs untrained.
    pub trained: Vec<Weights>,
    /// Names of its classes, once they are known.
    pub labels: Option<Vec<String>>,
    /// How a picture is prepared for it, once its file has been read.
    pub preprocess: Option<Preprocess>,
}

impl Network {
    /// A network of which nothing has been read yet.
    pub fn offer(id: &str, title: &str, knows: &str, config: ResNextConfig, trained: Vec<Weights>) -> Self {
        let side = config.stem.default_input_size();
        let (id, title, knows) = (id.into(), title.into(), knows.into());
        Self { id, title, knows, config, side, trained, labels: None, preprocess: None }
    }

    /// Place in [`Network::trained`] of the weights for `config`.
    pub fn weights_for(&self, config: &ResNextConfig) -> Option<usize> {
        self.trained.iter().position(|weights| weights.config == *config)
    }
}

/// A file of weights, and what is known of it before it is fetched.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Weights {
    /// The network they are for: the offer's own, or a twin's.
    pub config: ResNextConfig,
    /// Where the file is.
    pub place: Place,
    /// Bytes of the file; of a hosted one about as many, reckoned from its tensors, until its host is asked.
    pub bytes: u64,
    /// The SHA-256 that the file must have, in hexadecimal digits; `None` where none is known.
    pub sha256: Option<String>,
    /// Share of the test set named rightly, as published.
    pub top1: Option<f64>,
    /// The terms on which the weights may be used.
    pub licence: String,
    /// Who made them.
    pub source: String,
    /// How they were trained, in a sentence.
    pub recipe: Option<String>,
}

/// Where a file of weights is.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Place {
    /// Beside the page.
    Bundled(String),
    /// A repository of the host, as `timm/resnext50_32x4d.tv_in1k`.
    Hub(String),
    /// An address of the visitor's own.
    Url(String),
    /// On the visitor's disk, by name.
    File(String),
}

impl Weights {
    /// The file's own name.
    pub fn file(&self) -> &str {
        match &self.place {
            Place::Bundled(path) => path.rsplit('/').next().unwrap_or(path),
            Place::Hub(_) => HUB_FILE,
            Place::Url(url) => url.split(['?', '#']).next().and_then(|url| url.rsplit('/').next()).unwrap_or(url),
            Place::File(name) => name,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::zoo::offers;

    #[test]
    fn files_are_named_as_their_place_names_them() {
        let named = |place| Weights { place, ..offers()[0].trained[0].clone() }.file().to_owned();
        assert_eq!(named(Place::Bundled("assets/models/a.safetensors".into())), "a.safetensors");
        assert_eq!(named(Place::Hub("timm/a.b".into())), "model.safetensors");
        assert_eq!(named(Place::Url("https://a.b/c/d.safetensors?download=true".into())), "d.safetensors");
        assert_eq!(named(Place::File("my.safetensors".into())), "my.safetensors");
    }
}
