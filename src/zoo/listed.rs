//! Networks whose graph has been built. Drawing a network needs its graph, so only these are listed.

use std::sync::Arc;

use super::Network;
use crate::model::{BlockForm, Graph, GraphError};

/// A network and its graph for a batch of one picture.
#[derive(Clone, Debug, PartialEq)]
pub struct Listed {
    network: Network,
    graph: Arc<Graph>,
}

impl Listed {
    /// Builds the graph.
    ///
    /// # Errors
    /// [`GraphError`] if no graph can be built from the configuration at the network's input size.
    pub fn new(network: Network) -> Result<Self, GraphError> {
        let graph = Graph::build(&network.config, 1, (network.side, network.side), BlockForm::C)?;
        Ok(Self { network, graph: Arc::new(graph) })
    }

    /// The same list entry with newer data about its network. The graph is kept if configuration and input size are.
    ///
    /// # Errors
    /// As [`Listed::new`].
    pub fn with(&self, network: Network) -> Result<Self, GraphError> {
        if network.config == self.network.config && network.side == self.network.side {
            return Ok(Self { network, graph: self.graph.clone() });
        }
        Self::new(network)
    }

    /// What is known of the network.
    pub fn network(&self) -> &Network {
        &self.network
    }

    /// The graph of [`Network::config`] at [`Network::side`].
    pub fn graph(&self) -> &Arc<Graph> {
        &self.graph
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::ResNextConfig;
    use crate::zoo::offers;

    fn network(config: ResNextConfig) -> Network {
        Network::offer("any", "Any", "anything", config, Vec::new())
    }

    #[test]
    fn every_offer_is_listed() {
        for offer in offers() {
            let listed = Listed::new(offer.clone()).expect("its graph");
            assert_eq!((listed.graph().config.clone(), listed.network()), (offer.config.clone(), &offer));
        }
    }

    #[test]
    fn what_does_not_build_is_not_listed() {
        let good = ResNextConfig::cifar(2, 8, 8);
        let blocks = ResNextConfig { blocks: vec![2, 0, 2], ..good.clone() };
        assert!(Listed::new(network(blocks)).is_err());
        // An input of 0 pixels leaves no convolution anything to read.
        let small = Network { side: 0, ..network(good) };
        assert!(Listed::new(small).is_err());
    }

    #[test]
    fn labels_leave_the_graph_alone_and_another_side_does_not() {
        let listed = Listed::new(network(ResNextConfig::cifar(2, 8, 8))).unwrap();
        let named = Network { labels: Some(vec!["cat".into()]), ..listed.network().clone() };
        assert!(Arc::ptr_eq(listed.with(named).unwrap().graph(), listed.graph()));
        let larger = Network { side: 40, ..listed.network().clone() };
        assert_eq!(listed.with(larger).unwrap().graph().input_shape().h, 40);
    }
}
