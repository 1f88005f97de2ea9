//! Changes to the list of networks, and their events.

use super::host::Host;
use super::state::Session;
use super::tracks::ModelKey;
use crate::classifier::Model;
use crate::protocol::Event;
use crate::zoo::Network;

impl<H: Host> Session<H> {
    /// Sets the network at an index of the list; the list's length adds one.
    pub(super) fn list_network(&self, index: usize, network: Network) {
        let mut list = self.networks.list.borrow_mut();
        match list.get_mut(index) {
            Some(known) => known.clone_from(&network),
            None => list.push(network.clone()),
        }
        drop(list);
        self.emit(Event::Network { index, network });
    }

    /// Keeps a model, and reports what its file says of the network.
    pub(super) fn remember(&self, key: ModelKey, model: &Model) {
        self.networks.forget(key);
        self.networks.models.borrow_mut().push((key, model.clone()));
        let Some(mut network) = self.networks.get(key.network) else { return };
        network.labels = model.labels().map(<[String]>::to_vec).or(network.labels);
        if key.weights == 0 {
            network.reading = model.reading().cloned().map(Box::new);
        }
        network.preprocess = Some(model.preprocess().clone());
        network.side = model.input_size();
        self.list_network(key.network, network);
    }
}
