//! The laboratory's measurement.

use leptos::prelude::*;

use crate::protocol;

#[derive(Clone, Copy)]
pub(crate) struct Laboratory {
    /// The measurement so far, by the worker's last event.
    pub measured: RwSignal<Option<protocol::Laboratory>>,
}

impl Laboratory {
    pub(crate) fn new() -> Self {
        Self { measured: RwSignal::new(None) }
    }
}
