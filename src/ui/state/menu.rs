//! The list of networks, which is a dialog.

use leptos::prelude::*;

/// Whether the list is open. Setting it opens or closes the dialog.
#[derive(Clone, Copy)]
pub(crate) struct Menu {
    pub open: RwSignal<bool>,
}

impl Menu {
    pub(crate) fn new() -> Self {
        Self { open: RwSignal::new(false) }
    }
}
