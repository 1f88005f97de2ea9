//! The GPU, and what is known of its speed.

use leptos::prelude::*;

use crate::protocol::{GpuState, KernelTuning};

#[derive(Clone, Copy)]
pub(crate) struct Device {
    pub gpu: RwSignal<GpuState>,
    /// The GPU's kernels, once they have been chosen.
    pub tuned: RwSignal<Option<KernelTuning>>,
    /// How many times as fast as a software adapter the CPU was.
    pub cpu_speed: RwSignal<Option<f64>>,
}

impl Device {
    pub(crate) fn new() -> Self {
        Self { gpu: RwSignal::new(GpuState::Asking), tuned: RwSignal::new(None), cpu_speed: RwSignal::new(None) }
    }
}
