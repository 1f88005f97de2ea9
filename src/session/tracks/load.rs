//! A network on its way.

use std::cell::RefCell;

use crate::protocol::Origin;
use crate::session::latest::Latest;

/// The load track.
pub struct LoadTrack<F> {
    pub slot: Latest,
    /// What was asked for last, so that it can be tried again.
    pub last: RefCell<Option<(Origin, Option<F>)>>,
}

impl<F> Default for LoadTrack<F> {
    fn default() -> Self {
        Self { slot: Latest::default(), last: RefCell::default() }
    }
}

impl<F> LoadTrack<F> {
    /// Whether a network is on its way.
    pub fn is_busy(&self) -> bool {
        self.slot.is_busy()
    }
}
