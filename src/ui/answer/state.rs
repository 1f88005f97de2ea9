//! The state of the answer.

use leptos::prelude::*;

use crate::protocol::{Backend, GpuState, MissingGpu, Work};
use crate::ui::state::{Choice, Device, Results};

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum AnswerState {
    /// The visitor has chosen the GPU, and there is none.
    MissingGpu(MissingGpu),
    /// Loading or running has failed.
    Failed,
    /// The network has no trained weights.
    Untrained,
    /// The network has no head: it computes features, and no answer.
    NoHead,
    /// There is no answer yet.
    Missing,
    /// The answer is of the picture and the setting that are shown.
    Fresh,
    /// The answer is of an older picture or setting, and dimmed until the new one comes.
    Stale,
}

impl AnswerState {
    /// Its name as `data-state`.
    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::MissingGpu(kind) => kind.name(),
            Self::Failed => "failed",
            Self::Untrained => "untrained",
            Self::NoHead => "no-head",
            Self::Missing => "none",
            Self::Fresh => "fresh",
            Self::Stale => "stale",
        }
    }

    /// Whether an answer is shown, fresh or dimmed.
    pub(crate) fn shows_answer(self) -> bool {
        matches!(self, Self::Fresh | Self::Stale)
    }

    /// The page's state now.
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
        if choice.graph.with(|graph| graph.config.num_classes == 0) {
            return Self::NoHead;
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
