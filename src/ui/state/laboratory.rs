//! The laboratory's measurement, and the results that are kept.

use leptos::prelude::*;

use super::{Choice, Device};
use crate::protocol::{self, Setting};
use crate::view::lab::{self, LabResult};

#[derive(Clone, Copy)]
pub(crate) struct Laboratory {
    /// The measurement so far, by the worker's last event.
    pub measured: RwSignal<Option<protocol::Laboratory>>,
    /// Results that are kept, the newest first.
    pub results: RwSignal<Vec<LabResult>>,
    /// Whether those of earlier visits are among them.
    pub is_loaded: StoredValue<bool>,
    /// What is shown: see [`lab::drawn`].
    pub pick: RwSignal<String>,
    /// The id of what is laid over it; empty for nothing.
    pub over: RwSignal<String>,
    /// What has happened to a result, as a sentence.
    pub told: RwSignal<String>,
}

impl Laboratory {
    pub(crate) fn new() -> Self {
        let text = || RwSignal::new(String::new());
        Self {
            measured: RwSignal::new(None),
            results: RwSignal::new(Vec::new()),
            is_loaded: StoredValue::new(false),
            pick: text(),
            over: text(),
            told: text(),
        }
    }

    /// The measurement of the dial as it stands.
    pub(crate) fn of_dial(self, choice: Choice) -> protocol::Laboratory {
        let setting = choice.setting.get();
        let of = |config: &_| Setting { config: Clone::clone(config), ..setting.clone() };
        let settings = choice.sent.with(|sent| sent.stops.iter().map(of).collect());
        self.measured.with(|known| lab::shown(known.as_ref(), settings, choice.runs.get()))
    }

    /// What is drawn: the result that is shown, and the one that lies over it. `now` is the measurement of the dial as it stands.
    pub(crate) fn drawn(self, choice: Choice, device: Device, now: &protocol::Laboratory) -> Vec<LabResult> {
        let now = device.result(choice, now);
        self.results.with(|list| lab::drawn(list, &self.pick.get(), &self.over.get(), now))
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

impl Device {
    /// A measurement as a result.
    pub(crate) fn result(self, choice: Choice, measured: &protocol::Laboratory) -> LabResult {
        let place = measured.stops.first().map_or(0, |stop| stop.setting.network);
        let side = choice.at(place, |listed| listed.network().side).unwrap_or_default();
        let surroundings = lab::Surroundings {
            adapter: self.gpu.with(|gpu| gpu.adapter().cloned()),
            browser: lab::browser(&window().navigator().user_agent().unwrap_or_default()),
            tuning: self.tuned.with(|tuned| tuned.as_ref().map(|tuned| tuned.tuning.clone())).unwrap_or_default(),
        };
        LabResult::of(measured, side, surroundings)
    }
}
