//! What is shown beyond the answer: what the visitor wants to see of it, and what has come.

use leptos::prelude::*;

use crate::protocol::{self, ClassActivation};

#[derive(Clone, Copy)]
pub(crate) struct Looks {
    /// What is to be shown. The client sends every change.
    pub wanted: RwSignal<protocol::Looks>,
    pub class_activation: RwSignal<Option<ClassActivation>>,
}

impl Looks {
    pub(crate) fn new() -> Self {
        Self { wanted: RwSignal::default(), class_activation: RwSignal::new(None) }
    }
}
