//! The networks that the cardinality dial offers at a depth and by a law, each with its graph.

use std::sync::Arc;

use super::{WeightsFile, at_depth, cardinality_options};
use crate::model::{BlockForm, Graph, Law, ResNextConfig, equal_width_family, family_member};

/// What the dial is set to, besides its stop.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct DialSettings {
    /// Number of layers, as in the network's name.
    pub depth: usize,
    /// What stays as it is from stop to stop.
    pub law: Law,
    /// Cardinality and base width of the network whose cost or whose groups' width the stops have; `None` for the network's own.
    pub reference: Option<(usize, usize)>,
    /// A cardinality beside the usual ones.
    pub typed: Option<usize>,
}

impl DialSettings {
    /// A network's own settings at a depth.
    pub fn at(depth: usize) -> Self {
        Self { depth, law: Law::EqualCost, reference: None, typed: None }
    }

    /// The network of `own` that the stops are compared with.
    pub fn base(&self, own: &ResNextConfig) -> ResNextConfig {
        let mut base = at_depth(own, self.depth);
        if let Some((cardinality, base_width)) = self.reference {
            base = ResNextConfig { cardinality, base_width, ..base };
        }
        base
    }
}

/// The options of the dial, by rising cardinality. An option that cannot be built is left out.
#[derive(Clone, Debug, PartialEq)]
pub struct CardinalityOptions {
    options: Vec<Arc<Graph>>,
    /// The graph for a cardinality that no option has.
    base: Arc<Graph>,
}

impl CardinalityOptions {
    /// The options of the network `own`; `trained` are the weights that exist for it and its twins.
    pub fn new(own: &Arc<Graph>, trained: &[WeightsFile], settings: &DialSettings) -> Self {
        let config = settings.base(&own.config);
        let base = built(own, &config).unwrap_or_else(|| own.clone());
        let configs = match (settings.law, settings.reference) {
            (Law::EqualCost, None) => cardinality_options(&config, trained),
            // The twins have the cost of the network's own reference.
            (Law::EqualCost, Some(_)) => cardinality_options(&config, &[]),
            (Law::EqualWidth, _) => equal_width_family(&config).unwrap_or_default(),
        };
        let mut options: Vec<_> = configs.iter().filter_map(|option| built(own, option)).collect();
        let mut add = |option: Arc<Graph>| {
            let cardinality = option.config.cardinality;
            if !options.iter().any(|known| known.config.cardinality == cardinality) {
                let place = options.partition_point(|option| option.config.cardinality < cardinality);
                options.insert(place, option);
            }
        };
        add(base.clone());
        let typed = settings.typed.and_then(|typed| family_member(&config, settings.law, typed).ok());
        typed.and_then(|typed| built(own, &typed)).into_iter().for_each(add);
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
                let dial = CardinalityOptions::new(own, trained, &DialSettings::at(depth));
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
            let dial = CardinalityOptions::new(listed.graph(), &listed.network().trained, &DialSettings::at(depth));
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
        let settings = DialSettings::at(listed.graph().config.depth());
        let dial = CardinalityOptions::new(listed.graph(), &listed.network().trained, &settings);
        let cardinalities: Vec<_> = dial.options().iter().map(|option| option.config.cardinality).collect();
        assert!(
            cardinalities.contains(&3) && cardinalities.contains(&8) && !cardinalities.contains(&5),
            "{cardinalities:?}"
        );
        assert_eq!(dial.at(5), listed.graph());
    }

    fn templates(settings: DialSettings) -> Vec<String> {
        let listed = Listed::new(offers().remove(0)).unwrap();
        let dial = CardinalityOptions::new(listed.graph(), &listed.network().trained, &settings);
        dial.options().iter().map(|option| option.config.template()).collect()
    }

    #[test]
    fn the_dial_follows_its_law_and_its_reference() {
        let own = DialSettings::at(20);
        // The trained twin of cardinality 1 has 41 channels; 42 are nearest in cost.
        assert_eq!(templates(own), ["1×41d", "2×25d", "4×15d", "8×8d", "16×4d", "32×2d"]);
        let wide = DialSettings { law: Law::EqualWidth, ..own };
        assert_eq!(templates(wide), ["1×8d", "2×8d", "4×8d", "8×8d", "16×8d", "32×8d"]);
        let typed = DialSettings { typed: Some(6), ..own };
        assert_eq!(templates(typed)[3..5], ["6×10d", "8×8d"]);
        assert_eq!(templates(DialSettings { typed: Some(6), ..wide })[3..5], ["6×8d", "8×8d"]);
        let reference = DialSettings { reference: Some((32, 4)), ..own };
        assert_eq!(templates(reference), ["1×64d", "2×40d", "4×24d", "8×14d", "32×4d"]);
        assert_eq!(templates(DialSettings { law: Law::EqualWidth, ..reference })[0], "1×4d");
    }

    /// At equal cost the multiply-adds of the whole network differ by 8 % at most, in every network on offer, at any usual stop.
    #[test]
    fn the_stops_of_equal_cost_cost_the_same_within_the_stated_tolerance() {
        for offer in offers() {
            let listed = Listed::new(offer).unwrap();
            let own = listed.graph();
            for depth in depths(&own.config) {
                let dial = CardinalityOptions::new(own, &[], &DialSettings::at(depth));
                let base = dial.at(own.config.cardinality).macs() as f64;
                for option in dial.options() {
                    let ratio = option.macs() as f64 / base;
                    assert!((ratio - 1.0).abs() < 0.08, "{}: {ratio}", option.config.title());
                }
            }
        }
    }
}
