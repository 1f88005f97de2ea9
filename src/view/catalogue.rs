//! The networks the page offers, and the networks a depth and a cardinality make of each.

use crate::model::{ResNextConfig, Stem, equal_cost_family};

/// A network the page starts from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Offer {
    /// Its name in the address.
    pub id: &'static str,
    pub title: &'static str,
    pub config: ResNextConfig,
    /// Where its weights are, relative to the page; a network without runs untrained.
    pub weights: Option<Weights>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Weights {
    pub path: &'static str,
    /// For the progress bar, where the server does not say.
    pub bytes: u64,
}

/// The address of a network that came from a file: a link cannot carry it.
pub const FILE_ID: &str = "file";

pub fn offers() -> Vec<Offer> {
    let shipped = ResNextConfig { strides: vec![2, 2, 2], ..ResNextConfig::cifar(2, 8, 8) };
    vec![
        Offer {
            id: "cifar10",
            title: "CIFAR-10: ten things",
            config: shipped,
            weights: Some(Weights { path: "assets/models/resnext20_8x8d_cifar10_f16.safetensors", bytes: 4_225_012 }),
        },
        Offer {
            id: "imagenet",
            title: "ImageNet: untrained",
            config: ResNextConfig::imagenet([3, 4, 6, 3], 32, 4),
            weights: None,
        },
    ]
}

/// The depths the page offers for networks with this stem.
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
        depths.sort_unstable();
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
pub fn stops(config: &ResNextConfig) -> Vec<ResNextConfig> {
    equal_cost_family(config).unwrap_or_else(|_| vec![config.clone()])
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
                let stops = stops(&base);
                assert!(stops.contains(&base) && stops.len() >= 5, "{} {depth}", offer.id);
                assert!(stops.iter().all(|stop| stop.validate().is_ok()));
            }
        }
    }

    #[test]
    fn the_paper_family_is_imagenets_dial() {
        let [_, imagenet] = &offers()[..] else { panic!("two offers") };
        let settings: Vec<String> = stops(&imagenet.config).iter().map(ResNextConfig::setting).collect();
        assert_eq!(settings, ["1×64d", "2×40d", "4×24d", "8×14d", "32×4d"]);
    }

    #[test]
    fn an_unusual_depth_is_offered_beside_the_usual() {
        let odd = ResNextConfig::imagenet([2, 3, 2, 2], 32, 4);
        assert_eq!(depths(&odd), [26, 29, 50, 101]);
        assert_eq!(at_depth(&odd, 29), odd);
    }
}
