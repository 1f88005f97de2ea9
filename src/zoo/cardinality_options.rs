//! The networks that the cardinality dial offers at a depth, each with its graph.

use std::sync::Arc;

use super::{WeightsFile, at_depth, cardinality_options};
use crate::model::{BlockForm, Graph, ResNextConfig};

/// The options of the dial, by rising cardinality. An option that cannot be built is left out.
#[derive(Clone, Debug, PartialEq)]
pub struct CardinalityOptions {
    options: Vec<Arc<Graph>>,
    /// The graph for a cardinality that no option has.
    base: Arc<Graph>,
}

impl CardinalityOptions {
    /// The options of the network `own` at a depth; `trained` are the weights that exist for it and its twins.
    pub fn new(own: &Arc<Graph>, trained: &[WeightsFile], depth: usize) -> Self {
        let config = at_depth(&own.config, depth);
        let base = built(own, &config).unwrap_or_else(|| own.clone());
        let mut options: Vec<_> =
            cardinality_options(&config, trained).iter().filter_map(|option| built(own, option)).collect();
        let is_known = |option: &Arc<Graph>| option.config.cardinality == base.config.cardinality;
        if !options.iter().any(is_known) {
            let place = options.partition_point(|option| option.config.cardinality < base.config.cardinality);
            options.insert(place, base.clone());
        }
        Self { options, base }
    }

    /// The options, by rising cardinality; there is at least one.
    pub fn options(&self) -> &[Arc<Graph>] {
        &self.options
    }

    /// The option with this cardinality, or the network that the options were made from.
    pub fn at(&self, cardinality: usize) -> &Arc<Graph> {
        self.options.iter().find(|option| option.config.cardinality == cardinality).unwrap_or(&self.base)
    }
}

/// The graph of another configuration at the input size of `own`.
fn built(own: &Arc<Graph>, config: &ResNextConfig) -> Option<Arc<Graph>> {
    if own.config == *config {
        return Some(own.clone());
    }
    let shape = own.input_shape();
    Graph::build(config, 1, (shape.h, shape.w), BlockForm::C).ok().map(Arc::new)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::zoo::{Listed, Network, depths, offers};

    #[test]
    fn every_offer_has_all_its_options_at_every_depth() {
        for offer in offers() {
            let listed = Listed::new(offer).unwrap();
            let (own, trained) = (listed.graph(), &listed.network().trained);
            for depth in depths(&own.config) {
                let dial = CardinalityOptions::new(own, trained, depth);
                let configs: Vec<_> = dial.options().iter().map(|option| option.config.clone()).collect();
                assert_eq!(
                    configs,
                    cardinality_options(&at_depth(&own.config, depth), trained),
                    "{} {depth}",
                    listed.network().id
                );
                assert!(dial.options().iter().all(|option| dial.at(option.config.cardinality) == option));
            }
        }
    }

    #[test]
    fn no_cardinality_and_no_depth_is_without_a_graph() {
        let listed = Listed::new(offers().remove(0)).unwrap();
        for depth in [0, 20, 29, 1000] {
            let dial = CardinalityOptions::new(listed.graph(), &listed.network().trained, depth);
            for cardinality in [0, 3, 8, 64, usize::MAX] {
                let graph = dial.at(cardinality);
                assert_eq!(graph.blocks.len(), graph.config.blocks.iter().sum::<usize>());
            }
        }
    }

    /// A twin whose strides do not fit the input size is left out; the network itself stays.
    #[test]
    fn stops_that_do_not_build_are_left_out() {
        let config = ResNextConfig::cifar(2, 8, 8);
        let twin = ResNextConfig { cardinality: 3, base_width: 1, ..config.clone() };
        let weights = WeightsFile { config: twin.clone(), ..offers()[0].trained[0].clone() };
        assert!(twin.validate().is_ok());
        let broken = WeightsFile {
            config: ResNextConfig { cardinality: 5, base_width: 0, ..config.clone() },
            ..weights.clone()
        };
        let network = Network::offer("any", "Any", "anything", config, vec![weights, broken]);
        let listed = Listed::new(network).unwrap();
        let dial = CardinalityOptions::new(listed.graph(), &listed.network().trained, listed.graph().config.depth());
        let cardinalities: Vec<_> = dial.options().iter().map(|option| option.config.cardinality).collect();
        assert!(
            cardinalities.contains(&3) && cardinalities.contains(&8) && !cardinalities.contains(&5),
            "{cardinalities:?}"
        );
        assert_eq!(dial.at(5), listed.graph());
    }
}
