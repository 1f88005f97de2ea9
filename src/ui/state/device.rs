//! The GPU and its kernels, and the cores of the processor.

use leptos::prelude::*;

use crate::protocol::{Backend, CoreCounts, GpuState, KernelTuning, SelfCheck};

#[derive(Clone, Copy)]
pub(crate) struct Device {
    pub gpu: RwSignal<GpuState>,
    /// The cores of the processor.
    pub cores: RwSignal<CoreCounts>,
    /// The GPU's kernels, once they have been chosen.
    pub tuned: RwSignal<Option<KernelTuning>>,
    /// The last check of the GPU's kernels.
    pub checked: RwSignal<Option<SelfCheck>>,
}

impl Device {
    pub(crate) fn new() -> Self {
        Self {
            gpu: RwSignal::new(GpuState::Asking),
            cores: RwSignal::new(CoreCounts::default()),
            tuned: RwSignal::new(None),
            checked: RwSignal::new(None),
        }
    }

    /// What a backend runs on, as a saved file names it: the adapter, or `CPU`.
    pub(crate) fn name(self, backend: Backend) -> String {
        self.gpu.with_untracked(|gpu| match (backend, gpu.adapter()) {
            (Backend::WebGpu, Some(adapter)) => adapter.name.clone(),
            _ => "CPU".into(),
        })
    }
}
