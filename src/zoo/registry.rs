//! The networks on offer, and the variants of each by depth and cardinality.

use super::bundled::{self, HOSTED, SHIPPED, cifar, shipped};
use super::{Network, WeightsFile};
use crate::model::{ResNextConfig, Stem, equal_cost_family};

/// The [`Network::id`] of the ImageNet network that has no weights: it can only be timed.
pub const UNTRAINED_ID: &str = "imagenet";

/// Every network on offer; the page opens with the first.
pub fn offers() -> Vec<Network> {
    let shipped = SHIPPED.iter().map(shipped).collect();
    let first = Network::offer("cifar10", "ResNeXt-20 8×8d", "10 classes (CIFAR-10)", cifar(8, 8), shipped);
    let knows = "nothing; it can only be timed";
    let config = ResNextConfig::imagenet([3, 4, 6, 3], 32, 4);
    let untrained = Network::offer(UNTRAINED_ID, "ResNeXt-50, untrained", knows, config, Vec::new());
    std::iter::once(first).chain(hosted()).chain([untrained]).collect()
}

/// The networks on offer whose weights the host of the large networks has.
pub fn hosted() -> Vec<Network> {
    HOSTED.iter().map(bundled::hosted).collect()
}

/// The depths on offer for networks with this stem.
pub fn depths(config: &ResNextConfig) -> Vec<usize> {
    let usual: &[usize] = match (config.stem, config.blocks.len()) {
        (Stem::Cifar, 3) => &[20, 29],
        (Stem::Imagenet, 4) => &[26, 50, 101],
        _ => &[],
    };
    let mut depths = usual.to_vec();
    // Networks of one depth may distribute their blocks differently; the network's own depth is always on offer.
    if !depths.contains(&config.depth()) {
        let place = depths.partition_point(|&depth| depth < config.depth());
        depths.insert(place, config.depth());
    }
    depths
}

/// `config` with the blocks of this depth ([`crate::model::Stem::blocks`]); `config` itself at its own or an unknown depth.
pub fn at_depth(config: &ResNextConfig, depth: usize) -> ResNextConfig {
    let blocks =
        config.stem.blocks(depth).filter(|blocks| depth != config.depth() && blocks.len() == config.blocks.len());
    blocks.map_or_else(|| config.clone(), |blocks| ResNextConfig { blocks, ..config.clone() })
}

/// The options of the dial: the equal-cost family of `config`, or `config` alone if it has none.
///
/// A trained twin replaces the family's member of its cardinality.
pub fn cardinality_options(config: &ResNextConfig, trained: &[WeightsFile]) -> Vec<ResNextConfig> {
    let mut options = equal_cost_family(config).unwrap_or_else(|_| vec![config.clone()]);
    for twin in trained.iter().map(|weights| &weights.config) {
        let alike = ResNextConfig { cardinality: config.cardinality, base_width: config.base_width, ..twin.clone() };
        if alike != *config || twin.cardinality == config.cardinality {
            continue;
        }
        match options.iter_mut().find(|option| option.cardinality == twin.cardinality) {
            Some(option) => option.clone_from(twin),
            None => {
                let place = options.partition_point(|option| option.cardinality < twin.cardinality);
                options.insert(place, twin.clone());
            }
        }
    }
    options
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_offer_builds_at_every_depth_and_cardinality() {
        for offer in offers() {
            for depth in depths(&offer.config) {
                let base = at_depth(&offer.config, depth);
                assert_eq!(base.depth(), depth);
                let options = cardinality_options(&base, &offer.trained);
                assert!(options.contains(&base) && options.len() >= 5, "{} {depth}", offer.id);
                assert!(options.iter().all(|option| option.validate().is_ok()));
                assert!(options.is_sorted_by(|a, b| a.cardinality < b.cardinality));
            }
        }
    }

    #[test]
    fn the_paper_family_is_imagenets_dial() {
        for offer in offers().iter().filter(|offer| offer.config.depth() == 50) {
            let settings: Vec<String> =
                cardinality_options(&offer.config, &offer.trained).iter().map(ResNextConfig::template).collect();
            assert_eq!(settings, ["1×64d", "2×40d", "4×24d", "8×14d", "32×4d"]);
        }
    }

    #[test]
    fn trained_twins_stand_at_their_cardinality_and_depth_only() {
        let offer = &offers()[0];
        let twins: Vec<&ResNextConfig> = offer.trained.iter().map(|weights| &weights.config).collect();
        assert_eq!(*twins[0], offer.config);
        let dial = cardinality_options(&offer.config, &offer.trained);
        assert!(twins.iter().all(|twin| dial.contains(twin)));
        let deeper = at_depth(&offer.config, 29);
        assert_eq!(cardinality_options(&deeper, &offer.trained), cardinality_options(&deeper, &[]));
    }

    #[test]
    fn an_unusual_depth_is_offered_beside_the_usual() {
        let odd = ResNextConfig::imagenet([2, 3, 2, 2], 32, 4);
        assert_eq!(depths(&odd), [26, 29, 50, 101]);
        assert_eq!(at_depth(&odd, 29), odd);
    }
}
