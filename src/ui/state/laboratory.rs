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

    /// Its worker has ended. The runs stay, so that another can go on.
    pub(crate) fn halt(self) {
        self.change(|measured| (measured.is_running, measured.is_hidden) = (false, false));
    }

    /// Drops the runs on the GPU: they were measured with other kernels, or on another adapter.
    pub(crate) fn forget_gpu_runs(self) {
        self.change(protocol::Laboratory::forget_gpu_runs);
    }

    fn change(self, change: impl FnOnce(&mut protocol::Laboratory)) {
        if self.measured.with_untracked(Option::is_some) {
            self.measured.update(|measured| measured.as_mut().map_or((), change));
        }
    }
}
