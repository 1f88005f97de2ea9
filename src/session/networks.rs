//! What is told of the list of networks.

use super::host::Host;
use super::state::Session;
use crate::classifier::Model;
use crate::protocol::Event;
use crate::zoo::Network;

impl<H: Host> Session<H> {
    /// Puts a network at its place in the list; the place behind the last is a new one.
    pub(super) fn list_network(&self, index: usize, network: Network) {
        let mut list = self.networks.list.borrow_mut();
        match list.get_mut(index) {
            Some(known) => known.clone_from(&network),
            None => list.push(network.clone()),
        }
        drop(list);
        self.emit(Event::Network { index, network });
    }

    /// Keeps a model, and tells what its file says of the network.
    pub(super) fn remember(&self, place: (usize, usize), model: &Model) {
        self.networks.forget(place);
        self.networks.models.borrow_mut().push((place, model.clone()));
        let Some(mut network) = self.networks.get(place.0) else { return };
        network.labels = model.labels().map(<[String]>::to_vec).or(network.labels);
        network.preprocess = Some(model.preprocess().clone());
        network.side = model.input_size();
        self.list_network(place.0, network);
    }
}
