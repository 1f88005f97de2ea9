//! Accuracies over cardinality that may be compared: all from one recipe, at equal cost.

use super::bundled::{SAME_TRAINING, cifar};
use crate::model::ResNextConfig;

/// How the networks of a comparison were trained.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Recipe {
    /// The 15 epochs on CIFAR-10 of the networks that ship with the page.
    Shipped,
    /// ImageNet-1K, as the paper states it.
    Paper,
}

/// Top-1 error on ImageNet-1K, single crop of 224×224, in percent, from Tables 3 and 4 of Xie et al., 2017: blocks per stage,
/// cardinality, base width, error.
const PAPER: [([usize; 4], usize, usize, f64); 10] = [
    ([3, 4, 6, 3], 1, 64, 23.9),
    ([3, 4, 6, 3], 2, 40, 23.0),
    ([3, 4, 6, 3], 4, 24, 22.6),
    ([3, 4, 6, 3], 8, 14, 22.3),
    ([3, 4, 6, 3], 32, 4, 22.2),
    ([3, 4, 23, 3], 1, 64, 22.0),
    ([3, 4, 23, 3], 2, 40, 21.7),
    ([3, 4, 23, 3], 4, 24, 21.4),
    ([3, 4, 23, 3], 8, 14, 21.3),
    ([3, 4, 23, 3], 32, 4, 21.2),
];

/// Top-1 error of a configuration on ImageNet-1K, in percent, where the paper states it.
pub fn paper_error(config: &ResNextConfig) -> Option<f64> {
    let is_it = |(blocks, cardinality, base_width, _): &&([usize; 4], usize, usize, f64)| {
        *config == ResNextConfig::imagenet(*blocks, *cardinality, *base_width)
    };
    PAPER.iter().find(is_it).map(|(.., error)| *error)
}

/// The recipe of a configuration's comparable accuracy, and that accuracy, 0 to 1.
pub fn comparable_accuracy(config: &ResNextConfig) -> Option<(Recipe, f64)> {
    let shipped = SAME_TRAINING.iter().find(|of| cifar(of.cardinality, of.base_width) == *config);
    let shipped = shipped.map(|of| (Recipe::Shipped, of.top1));
    shipped.or_else(|| paper_error(config).map(|error| (Recipe::Paper, (100.0 - error) / 100.0)))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::zoo::{at_depth, cardinality_options, offers};

    #[test]
    fn each_dial_has_the_accuracies_of_one_recipe() {
        let of = |offer: usize, depth: usize| {
            let offer = &offers()[offer];
            let options = cardinality_options(&at_depth(&offer.config, depth), &offer.trained);
            options.iter().map(comparable_accuracy).collect::<Vec<_>>()
        };
        let shipped = |top1| Some((Recipe::Shipped, top1));
        assert_eq!(of(0, 20), [shipped(0.8732), None, None, shipped(0.8834), None, shipped(0.8874)]);
        assert!(of(0, 29).iter().all(Option::is_none));
        let last = offers().len() - 1;
        let paper = of(last, 50);
        assert!(paper.len() == 5 && paper.iter().all(|one| matches!(one, Some((Recipe::Paper, _)))), "{paper:?}");
        assert_eq!(of(last, 101)[4].map(|(_, top1)| (top1 * 1000.0).round()), Some(788.0));
        assert!(of(last, 26).iter().all(Option::is_none), "the paper has no ResNeXt-26");
    }

    #[test]
    fn errors_fall_as_cardinality_rises() {
        for depth in PAPER.chunks(5) {
            assert!(depth.is_sorted_by(|a, b| a.1 < b.1 && a.3 > b.3));
        }
    }
}
