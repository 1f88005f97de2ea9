//! Networks whose graph has been built. Whoever draws a network reads its graph, so only these are listed.

use std::sync::Arc;

use super::Network;
use crate::model::{BlockForm, Graph, GraphError};

/// A network and its graph for one picture. There is none without the other.
#[derive(Clone, Debug, PartialEq)]
pub struct Listed {
    network: Network,
    graph: Arc<Graph>,
}

impl Listed {
    /// Builds the graph.
    ///
    /// # Errors
    /// The configuration describes no network, or none for its own input size.
    pub fn new(network: Network) -> Result<Self, GraphError> {
        let graph = Graph::build(&network.config, 1, (network.side, network.side), BlockForm::C)?;
        Ok(Self { network, graph: Arc::new(graph) })
    }

    /// The same place in the list with what is known of the network now. The graph stays where its shape did.
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
        // The third stage has nothing left to halve.
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
