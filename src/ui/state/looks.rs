//! What is shown beyond the answer: what the visitor wants to see of it, and what has come.

use std::sync::Arc;

use leptos::prelude::*;

use crate::protocol::{self, ClassActivation, Forms, Group, Occlusion};
use crate::view::group::GroupValues;

/// A group of a convolution at work, with its values.
#[derive(Clone)]
pub(crate) struct ShownGroup {
    pub group: Group,
    pub values: Arc<GroupValues>,
}

#[derive(Clone, Copy)]
pub(crate) struct Looks {
    /// What is to be shown. The client sends it when it is not what the worker has.
    pub wanted: RwSignal<protocol::Looks>,
    pub class_activation: RwSignal<Option<ClassActivation>>,
    pub occlusion: RwSignal<Option<Occlusion>>,
    pub group: RwSignal<Option<ShownGroup>>,
    pub forms: RwSignal<Option<Forms>>,
}

impl Looks {
    pub(crate) fn new() -> Self {
        Self {
            wanted: RwSignal::default(),
            class_activation: RwSignal::new(None),
            occlusion: RwSignal::new(None),
            group: RwSignal::new(None),
            forms: RwSignal::new(None),
        }
    }
}
