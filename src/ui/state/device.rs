//! The GPU and its kernels.

use leptos::prelude::*;

use crate::protocol::{GpuState, KernelTuning};

#[derive(Clone, Copy)]
pub(crate) struct Device {
    pub gpu: RwSignal<GpuState>,
    /// The GPU's kernels, once they have been chosen.
    pub tuned: RwSignal<Option<KernelTuning>>,
}

impl Device {
    pub(crate) fn new() -> Self {
        Self { gpu: RwSignal::new(GpuState::Asking), tuned: RwSignal::new(None) }
    }
}
