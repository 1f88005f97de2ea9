//! The settings of an address for a network that may have to be loaded first.

use super::link::Link;
use crate::plan::WeightDtype;
use crate::zoo::{CardinalityOptions, Listed, depths};

/// Settings for one network of the list.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Wish {
    /// Index in the list of networks.
    pub network: usize,
    /// Number of layers; `None` for the network's own.
    pub depth: Option<usize>,
    /// Number of groups; `None` for the network's own.
    pub cardinality: Option<usize>,
    /// Data type of the weights on the GPU; `None` for f32.
    pub weight_dtype: Option<WeightDtype>,
}

impl Wish {
    /// The settings of `link` that the network at this index has. The others are added to `ignored`.
    pub fn new(link: &Link, network: usize, listed: &Listed, ignored: &mut Vec<String>) -> Self {
        let mut wish = Self { network, depth: link.depth, cardinality: link.cardinality, weight_dtype: link.weights };
        let own = listed.graph();
        if let Some(depth) = wish.depth.filter(|depth| !depths(&own.config).contains(depth)) {
            ignored.push(format!("depth={depth}"));
            wish.depth = None;
        }
        let is_on_dial = |cardinality: usize| {
            let dial =
                CardinalityOptions::new(own, &listed.network().trained, wish.depth.unwrap_or(own.config.depth()));
            dial.options().iter().any(|option| option.config.cardinality == cardinality)
        };
        if let Some(cardinality) = wish.cardinality.filter(|&cardinality| !is_on_dial(cardinality)) {
            ignored.push(format!("cardinality={cardinality}"));
            wish.cardinality = None;
        }
        wish
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::zoo::offers;

    fn wish(query: &str) -> (Wish, Vec<String>) {
        let listed = Listed::new(offers().remove(0)).unwrap();
        let mut ignored = Vec::new();
        let wish = Wish::new(&Link::parse(query).0, 0, &listed, &mut ignored);
        (wish, ignored)
    }

    #[test]
    fn what_a_network_has_is_wished_of_it() {
        let (wish, ignored) = wish("?depth=29&cardinality=4&weights=f16");
        let expected = Wish { network: 0, depth: Some(29), cardinality: Some(4), weight_dtype: Some(WeightDtype::F16) };
        assert_eq!((wish, ignored.len()), (expected, 0));
    }

    #[test]
    fn what_it_has_not_is_named() {
        let (wish, ignored) = wish("?depth=50&cardinality=7");
        assert_eq!((wish.depth, wish.cardinality), (None, None));
        assert_eq!(ignored, ["depth=50", "cardinality=7"]);
    }
}
