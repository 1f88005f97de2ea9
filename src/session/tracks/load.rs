//! The load of a network.

use std::cell::RefCell;

use crate::protocol::{Description, Origin};
use crate::session::latest::Latest;

/// The load track.
pub struct LoadTrack<F> {
    pub slot: Latest,
    /// The last load, so that it can be repeated.
    pub last: RefCell<Option<(Origin, Option<F>)>>,
    /// What describes the next file of weights.
    pub descriptions: RefCell<Vec<Description>>,
}

impl<F> Default for LoadTrack<F> {
    fn default() -> Self {
        Self { slot: Latest::default(), last: RefCell::default(), descriptions: RefCell::default() }
    }
}

impl<F> LoadTrack<F> {
    /// Whether a network is being loaded.
    pub fn is_busy(&self) -> bool {
        self.slot.is_busy()
    }
}
