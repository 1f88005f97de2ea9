//! The list of networks, and what was read of them.

use std::cell::RefCell;

use super::{Host, Session};
use crate::classifier::Model;
use crate::protocol::Event;
use crate::zoo::{self, Network};

/// The networks on offer and those that were brought, and the models of those that have been read.
#[derive(Default)]
pub struct Networks {
    list: RefCell<Vec<Network>>,
    /// By place in the list and in [`Network::trained`].
    models: RefCell<Vec<((usize, usize), Model)>>,
}

impl Networks {
    /// Those on offer, then `brought`, at the places that the page has them at.
    pub fn begin(&self, brought: &[Network]) {
        let mut list = zoo::offers();
        list.extend_from_slice(brought);
        *self.list.borrow_mut() = list;
    }

    pub fn get(&self, index: usize) -> Option<Network> {
        self.list.borrow().get(index).cloned()
    }

    pub fn len(&self) -> usize {
        self.list.borrow().len()
    }

    pub fn model(&self, place: (usize, usize)) -> Option<Model> {
        self.models.borrow().iter().find(|(known, _)| *known == place).map(|(_, model)| model.clone())
    }

    /// Forgets a model, and its bytes where it alone has them.
    pub fn forget(&self, place: (usize, usize)) {
        self.models.borrow_mut().retain(|(known, _)| *known != place);
    }
}

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
