//! What there is to say of the answer.

use leptos::prelude::*;

use crate::protocol::{Backend, GpuState, MissingGpu, Work};
use crate::ui::state::{Choice, Device, Results};

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum AnswerState {
    /// The visitor wants the GPU, and there is none.
    MissingGpu(MissingGpu),
    Failed,
    /// The network names nothing.
    Untrained,
    /// There is no answer yet.
    Missing,
    Fresh,
    /// Dimmed until the new one comes.
    Stale,
}

impl AnswerState {
    /// Its name in the document.
    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::MissingGpu(kind) => kind.name(),
            Self::Failed => "failed",
            Self::Untrained => "untrained",
            Self::Missing => "none",
            Self::Fresh => "fresh",
            Self::Stale => "stale",
        }
    }

    /// That of the page.
    pub(crate) fn now(choice: Choice, device: Device, results: Results) -> Self {
        if let (Backend::WebGpu, GpuState::Missing { kind, .. }) = (choice.runs_on(), device.gpu.get()) {
            return Self::MissingGpu(kind);
        }
        if results.work.with(|work| matches!(work, Work::Failed(_))) {
            return Self::Failed;
        }
        if !choice.is_trained() {
            return Self::Untrained;
        }
        let setting = choice.setting.get();
        let picture = results.picture.with(|shown| shown.as_ref().map(|shown| shown.picture.request.id));
        let preparing = results.preparing.get();
        results.answer.with(|answer| match answer {
            None => Self::Missing,
            Some(answer) if Some(answer.picture) == picture && answer.setting == setting && !preparing => Self::Fresh,
            Some(answer) if answer.setting.network == setting.network => Self::Stale,
            Some(_) => Self::Missing,
        })
    }
}
