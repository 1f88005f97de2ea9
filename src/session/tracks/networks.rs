//! The list of networks, and the models of those whose files have been read.

use std::cell::RefCell;

use crate::classifier::Model;
use crate::zoo::Network;

/// A model, by its network's index in the list and the index of its weights in [`Network::trained`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ModelKey {
    pub network: usize,
    pub weights: usize,
}

/// The networks on offer and those that the visitor added, and the models of those whose files have been read.
#[derive(Default)]
pub struct Networks {
    pub list: RefCell<Vec<Network>>,
    pub models: RefCell<Vec<(ModelKey, Model)>>,
}

impl Networks {
    /// The network at an index.
    pub fn get(&self, index: usize) -> Option<Network> {
        self.list.borrow().get(index).cloned()
    }

    /// How many there are.
    pub fn len(&self) -> usize {
        self.list.borrow().len()
    }

    /// A model whose file has been read.
    pub fn model(&self, key: ModelKey) -> Option<Model> {
        self.models.borrow().iter().find(|(known, _)| *known == key).map(|(_, model)| model.clone())
    }

    /// Drops a model.
    pub fn forget(&self, key: ModelKey) {
        self.models.borrow_mut().retain(|(known, _)| *known != key);
    }
}
