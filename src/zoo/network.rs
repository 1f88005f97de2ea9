//! What is known of a network: its configuration, its weights files, its class names.

use serde::{Deserialize, Serialize};

use crate::image::Preprocess;
use crate::model::ResNextConfig;
use crate::weights::Reading;

/// The file name of every hosted checkpoint.
pub const HUB_FILE: &str = "model.safetensors";

/// The [`Network::id`] of every network from the visitor's disk; a link cannot name such a network.
pub const FILE_ID: &str = "file";
/// The [`Network::id`] of every network from a URL that the visitor entered.
pub const URL_ID: &str = "url";

/// The [`Network::id`] of the network whose head the visitor has taught; a link cannot name it.
pub const TAUGHT_ID: &str = "taught";

/// A network that the page can show: one on offer, or one that the visitor loaded.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Network {
    /// Its name in the page's URL; all networks that visitors load share one ([`FILE_ID`], [`URL_ID`]).
    pub id: String,
    /// Its name on the page.
    pub title: String,
    /// The classes that it distinguishes, in a few words.
    pub knows: String,
    /// The configuration of its own weights; without weights, the one that runs untrained.
    pub config: ResNextConfig,
    /// Side of its square input in pixels.
    pub side: usize,
    /// Its own weights, then those of its twins at other cardinalities. Without any it runs untrained.
    pub trained: Vec<WeightsFile>,
    /// Names of its classes, once they are known.
    pub labels: Option<Vec<String>>,
    /// How a picture is prepared for it, once its file has been read.
    pub preprocess: Option<Preprocess>,
    /// How its own weights were read, once they have been.
    pub reading: Option<Box<Reading>>,
}

impl Network {
    /// A network whose file has not been read yet.
    pub fn offer(id: &str, title: &str, knows: &str, config: ResNextConfig, trained: Vec<WeightsFile>) -> Self {
        let side = config.stem.default_input_size();
        let (id, title, knows) = (id.into(), title.into(), knows.into());
        Self { id, title, knows, config, side, trained, labels: None, preprocess: None, reading: None }
    }

    /// Index in [`Network::trained`] of the weights for `config`.
    pub fn weights_for(&self, config: &ResNextConfig) -> Option<usize> {
        self.trained.iter().position(|weights| weights.config == *config)
    }
}

/// A weights file, and what is known of it before it is fetched.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct WeightsFile {
    /// The configuration that they are for: the network's own, or a twin's.
    pub config: ResNextConfig,
    /// The file's location.
    pub location: Location,
    /// Size of the file in bytes; for a hosted file, an estimate from its tensors until the host has answered.
    pub bytes: u64,
    /// The SHA-256 that the file must have, in hexadecimal digits, if it is known.
    pub sha256: Option<String>,
    /// Top-1 accuracy as published, 0 to 1.
    pub top1: Option<f64>,
    /// The licence of the weights.
    pub licence: String,
    /// Who made them.
    pub source: String,
    /// How they were trained, in a sentence.
    pub recipe: Option<String>,
}

/// The location of a weights file.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Location {
    /// A path relative to the page.
    Bundled(String),
    /// A repository of the host, such as `timm/resnext50_32x4d.tv_in1k`.
    Hub(String),
    /// A URL that the visitor entered.
    Url(String),
    /// The name of a file on the visitor's disk.
    File(String),
    /// Taught on the page: a network of the list, with another head.
    Taught,
}

impl WeightsFile {
    /// The file's name, without folders and host.
    pub fn file(&self) -> &str {
        match &self.location {
            Location::Bundled(path) => path.rsplit('/').next().unwrap_or(path),
            Location::Hub(_) => HUB_FILE,
            Location::Url(url) => url.split(['?', '#']).next().and_then(|url| url.rsplit('/').next()).unwrap_or(url),
            Location::File(name) => name,
            Location::Taught => "",
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::zoo::offers;

    #[test]
    fn files_are_named_as_their_place_names_them() {
        let named = |location| WeightsFile { location, ..offers()[0].trained[0].clone() }.file().to_owned();
        assert_eq!(named(Location::Bundled("assets/models/a.safetensors".into())), "a.safetensors");
        assert_eq!(named(Location::Hub("timm/a.b".into())), "model.safetensors");
        assert_eq!(named(Location::Url("https://a.b/c/d.safetensors?download=true".into())), "d.safetensors");
        assert_eq!(named(Location::File("my.safetensors".into())), "my.safetensors");
    }
}
