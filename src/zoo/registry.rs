//! The networks on offer, and the networks that a depth and a cardinality make of each.

use serde::{Deserialize, Serialize};

use super::bundled::{HOSTED, HUB_FILE, SHIPPED, cifar, hosted, shipped};
use crate::image::Preprocess;
use crate::model::{ResNextConfig, Stem, equal_cost_family};
use crate::order;

/// A network the page can show: one of those on offer, or one that the visitor brought.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Network {
    /// Its name in the address; networks that visitors bring share one ([`FILE_ID`], [`URL_ID`]).
    pub id: String,
    pub title: String,
    /// What it tells apart, in a few words.
    pub knows: String,
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
    pub place: Place,
    /// Bytes of the file; of a hosted one about as many, reckoned from its tensors, until its host is asked.
    pub bytes: u64,
    pub sha256: Option<String>,
    /// Share of the test set named rightly, as published.
    pub top1: Option<f64>,
    pub licence: String,
    /// Who made them.
    pub source: String,
    pub recipe: Option<String>,
}

/// Where a file of weights is.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Place {
    /// Beside the page.
    Bundled(String),
    /// A repository of the host, as `timm/resnext50_32x4d.tv_in1k`.
    Hub(String),
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

/// The address of a network that came from a file: a link cannot carry it.
pub const FILE_ID: &str = "file";
/// The address of a network from an address of the visitor's own.
pub const URL_ID: &str = "url";

/// Every network on offer; the page opens with the first.
pub fn offers() -> Vec<Network> {
    let shipped = SHIPPED.iter().map(shipped).collect();
    let first = Network::offer("cifar10", "ResNeXt-20 8×8d", "ten things (CIFAR-10)", cifar(8, 8), shipped);
    let knows = "nothing; its latency can be measured";
    let config = ResNextConfig::imagenet([3, 4, 6, 3], 32, 4);
    let untrained = Network::offer("imagenet", "ResNeXt-50, untrained", knows, config, Vec::new());
    std::iter::once(first).chain(HOSTED.iter().map(hosted)).chain([untrained]).collect()
}

/// The depths on offer for networks with this stem.
pub fn depths(config: &ResNextConfig) -> Vec<usize> {
    let usual: &[usize] = match (config.stem, config.blocks.len()) {
        (Stem::Cifar, 3) => &[20, 29],
        (Stem::Imagenet, 4) => &[26, 50, 101],
        _ => &[],
    };
    let mut depths = usual.to_vec();
    // Two networks of one depth may differ in where their blocks stand; the own one is always on offer.
    if !depths.contains(&config.depth()) {
        depths.push(config.depth());
        depths = order::by_key(depths, |&depth| (depth as u64, 0));
    }
    depths
}

/// `config` with as many blocks as make this depth; itself at its own.
pub fn at_depth(config: &ResNextConfig, depth: usize) -> ResNextConfig {
    let blocks = match (config.stem, depth) {
        _ if depth == config.depth() => return config.clone(),
        (Stem::Cifar, 20 | 29) => vec![(depth - 2) / 9; 3],
        (Stem::Imagenet, 26) => vec![2, 2, 2, 2],
        (Stem::Imagenet, 50) => vec![3, 4, 6, 3],
        (Stem::Imagenet, 101) => vec![3, 4, 23, 3],
        _ => return config.clone(),
    };
    if blocks.len() == config.blocks.len() { ResNextConfig { blocks, ..config.clone() } } else { config.clone() }
}

/// The stops of the dial: the equal-cost family of `config`, or `config` alone where it has none.
///
/// At a cardinality that a trained twin has, the twin stands.
pub fn stops(config: &ResNextConfig, trained: &[Weights]) -> Vec<ResNextConfig> {
    let mut stops = equal_cost_family(config).unwrap_or_else(|_| vec![config.clone()]);
    for twin in trained.iter().map(|weights| &weights.config) {
        let alike = ResNextConfig { cardinality: config.cardinality, base_width: config.base_width, ..twin.clone() };
        if alike != *config || twin.cardinality == config.cardinality {
            continue;
        }
        match stops.iter_mut().find(|stop| stop.cardinality == twin.cardinality) {
            Some(stop) => stop.clone_from(twin),
            None => stops.push(twin.clone()),
        }
    }
    order::by_key(stops, |stop| (stop.cardinality as u64, 0))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_offer_builds_at_every_depth_and_stop() {
        for offer in offers() {
            for depth in depths(&offer.config) {
                let base = at_depth(&offer.config, depth);
                assert_eq!(base.depth(), depth);
                let stops = stops(&base, &offer.trained);
                assert!(stops.contains(&base) && stops.len() >= 5, "{} {depth}", offer.id);
                assert!(stops.iter().all(|stop| stop.validate().is_ok()));
                assert!(stops.is_sorted_by(|a, b| a.cardinality < b.cardinality));
            }
        }
    }

    #[test]
    fn the_paper_family_is_imagenets_dial() {
        for offer in offers().iter().filter(|offer| offer.config.depth() == 50) {
            let settings: Vec<String> =
                stops(&offer.config, &offer.trained).iter().map(ResNextConfig::setting).collect();
            assert_eq!(settings, ["1×64d", "2×40d", "4×24d", "8×14d", "32×4d"]);
        }
    }

    #[test]
    fn trained_twins_stand_at_their_cardinality_and_depth_only() {
        let offer = &offers()[0];
        let twins: Vec<&ResNextConfig> = offer.trained.iter().map(|weights| &weights.config).collect();
        assert_eq!(*twins[0], offer.config);
        let dial = stops(&offer.config, &offer.trained);
        assert!(twins.iter().all(|twin| dial.contains(twin)));
        let deeper = at_depth(&offer.config, 29);
        assert_eq!(stops(&deeper, &offer.trained), stops(&deeper, &[]));
    }

    #[test]
    fn an_unusual_depth_is_offered_beside_the_usual() {
        let odd = ResNextConfig::imagenet([2, 3, 2, 2], 32, 4);
        assert_eq!(depths(&odd), [26, 29, 50, 101]);
        assert_eq!(at_depth(&odd, 29), odd);
    }

    #[test]
    fn files_are_named_as_their_place_names_them() {
        let named = |place| Weights { place, ..offers()[0].trained[0].clone() }.file().to_owned();
        assert_eq!(named(Place::Bundled("assets/models/a.safetensors")), "a.safetensors");
        assert_eq!(named(Place::Hub("timm/a.b")), "model.safetensors");
        assert_eq!(named(Place::Url("https://a.b/c/d.safetensors?download=true".into())), "d.safetensors");
        assert_eq!(named(Place::File("my.safetensors".into())), "my.safetensors");
    }
}
