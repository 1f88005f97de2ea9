//! The list of networks, and the models of those that have been read.

use std::cell::RefCell;

use crate::classifier::Model;
use crate::zoo::{self, Network};

/// The networks on offer and those that were brought, and the models of those that have been read.
#[derive(Default)]
pub struct Networks {
    pub list: RefCell<Vec<Network>>,
    /// By place in the list and in [`Network::trained`].
    pub models: RefCell<Vec<((usize, usize), Model)>>,
}

impl Networks {
    /// Those on offer, then `brought`, at the places that the page has them at.
    pub fn begin(&self, brought: &[Network]) {
        let mut list = zoo::offers();
        list.extend_from_slice(brought);
        *self.list.borrow_mut() = list;
    }

    /// The network at a place.
    pub fn get(&self, index: usize) -> Option<Network> {
        self.list.borrow().get(index).cloned()
    }

    /// How many there are.
    pub fn len(&self) -> usize {
        self.list.borrow().len()
    }

    /// The model that was read for a place.
    pub fn model(&self, place: (usize, usize)) -> Option<Model> {
        self.models.borrow().iter().find(|(known, _)| *known == place).map(|(_, model)| model.clone())
    }

    /// Forgets a model, and its bytes where it alone has them.
    pub fn forget(&self, place: (usize, usize)) {
        self.models.borrow_mut().retain(|(known, _)| *known != place);
    }
}
