//! What is chosen: one of the networks, and what it is built for.

use super::backend::Backend;
use crate::model::ResNextConfig;
use crate::plan::{PlanOptions, WeightDtype};
use crate::view::catalogue::{Offer, Weights};

/// A network the page can show: one of its offers, or one that the visitor brought.
#[derive(Clone, Debug, PartialEq)]
pub struct Network {
    /// Its name in the address; what visitors bring shares one.
    pub id: &'static str,
    pub title: String,
    pub knows: String,
    pub config: ResNextConfig,
    /// Side of its square input.
    pub side: usize,
    /// Its own weights, then its twins'. Without any it runs untrained.
    pub trained: Vec<Weights>,
    pub labels: Option<Vec<String>>,
    /// How a picture is made ready for it, in words, once its file has been read.
    pub preparation: Option<String>,
}

impl From<Offer> for Network {
    fn from(offer: Offer) -> Self {
        let Offer { id, title, knows, config, trained } = offer;
        let side = config.stem.default_input_size();
        Self { id, title, knows: knows.into(), config, side, trained, labels: None, preparation: None }
    }
}

impl Network {
    /// Place in [`Network::trained`] of the weights for `config`.
    pub fn weights_for(&self, config: &ResNextConfig) -> Option<usize> {
        self.trained.iter().position(|weights| weights.config == *config)
    }
}

/// What an address asks of a network, which may have to be fetched first.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Wish {
    /// Place in [`Page::networks`](super::page::Page::networks).
    pub network: usize,
    pub depth: Option<usize>,
    pub cardinality: Option<usize>,
    pub weight_dtype: Option<WeightDtype>,
}

/// What a classifier is built for.
#[derive(Clone, Debug, PartialEq)]
pub struct Setting {
    /// Place in [`Page::networks`](super::page::Page::networks).
    pub network: usize,
    pub config: ResNextConfig,
    pub backend: Backend,
    /// On the CPU weights are f32.
    pub options: PlanOptions,
}
