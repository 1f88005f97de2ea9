//! Two networks in training, in numbers and lines: which networks there are to choose from, what they cost, and their charts.

mod chart;
mod tiles;

pub use chart::{USUAL_WIDTH, accuracy_chart, loss_chart};
pub use tiles::{TILE_GAP, tiles};

use crate::model::{BlockForm, Graph, ResNextConfig};
use crate::train::{SMALL_CARDINALITIES, small};
use crate::zoo::cifar;

/// Which networks may race.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Family {
    /// Small ones, which learn something within a minute on the processor of a laptop.
    Small,
    /// Those that come with the page, for a GPU.
    Shipped,
}

/// The cardinality and base width of those that come with the page.
const SHIPPED: [(usize, usize); 3] = [(1, 41), (8, 8), (32, 2)];
/// Side of a picture, in pixels.
const SIDE: usize = 32;

impl Family {
    /// Both.
    pub const ALL: [Self; 2] = [Self::Small, Self::Shipped];

    /// The cardinalities to choose from.
    pub fn cardinalities(self) -> Vec<usize> {
        match self {
            Self::Small => SMALL_CARDINALITIES.to_vec(),
            Self::Shipped => SHIPPED.iter().map(|(cardinality, _)| *cardinality).collect(),
        }
    }

    /// The network of a cardinality, for ten classes.
    pub fn network(self, cardinality: usize) -> ResNextConfig {
        match self {
            Self::Small => small(cardinality, 10),
            Self::Shipped => {
                let width = SHIPPED.iter().find(|(of, _)| *of == cardinality).map_or(8, |(_, width)| *width);
                cifar(cardinality, width)
            }
        }
    }

    /// Its name as `data-value`.
    pub fn name(self) -> &'static str {
        match self {
            Self::Small => "small",
            Self::Shipped => "shipped",
        }
    }
}

/// Multiply-adds and parameters of a network, per picture.
pub fn cost(config: &ResNextConfig) -> (u64, u64) {
    let graph = Graph::build(config, 1, (SIDE, SIDE), BlockForm::C);
    graph.map_or((0, 0), |graph| (graph.macs(), graph.parameters()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn all_networks_of_a_family_cost_the_same() {
        for family in Family::ALL {
            let all: Vec<_> = family.cardinalities().into_iter().map(|one| family.network(one)).collect();
            let base = cost(&all[0]).0 as f64;
            for (config, cardinality) in all.iter().zip(family.cardinalities()) {
                assert_eq!(config.cardinality, cardinality);
                let ratio = cost(config).0 as f64 / base;
                println!("{}: {} multiply-adds", config.title(), cost(config).0);
                assert!((ratio - 1.0).abs() < 0.08, "{}: {ratio}", config.title());
            }
        }
    }
}
