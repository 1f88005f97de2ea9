//! The state of the measurement, which decides what its button does.

use leptos::prelude::*;

use crate::protocol::{Backend, GpuState};
use crate::ui::state::{Choice, Device, Results};
use crate::view::confusion::{Obstacle, obstacle};
use crate::zoo::cifar10::TEST;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum EvaluationState {
    /// Weights, a device or a picture are still missing.
    Waiting,
    /// There are no answers yet; the button starts.
    NotStarted,
    Running,
    Stopped,
    Done,
}

impl EvaluationState {
    /// The state of the chosen setting, or why its accuracy cannot be measured.
    ///
    /// # Errors
    ///
    /// Why accuracy cannot be measured.
    pub(crate) fn now(choice: Choice, device: Device, results: Results) -> Result<Self, Obstacle> {
        let setting = choice.setting.get();
        let trained = choice.is_trained();
        let (found, awaited) = choice.listed(|listed| {
            let network = listed.network();
            // The names of its classes come with its weights; until then the button waits.
            let awaited = trained && network.labels.is_none() && network.preprocess.is_none();
            (obstacle(trained, network.labels.as_deref(), setting.config.num_classes), awaited)
        });
        let on_cpu = setting.backend == Backend::Cpu;
        let missing = !on_cpu && device.gpu.with(|gpu| matches!(gpu, GpuState::Missing { .. }));
        let ready = on_cpu || device.gpu.with(|gpu| gpu.adapter().is_some());
        let answers = results.evaluation_now.with(|now| now.as_ref().map_or(0, |now| now.answers.len()));
        let running = results.evaluating.with(|evaluating| evaluating.as_ref() == Some(&setting));
        match found {
            Some(obstacle) if !awaited || obstacle == Obstacle::Imagenet => Err(obstacle),
            _ if missing => Err(Obstacle::NoGpu),
            _ if answers == TEST.pictures => Ok(Self::Done),
            _ if running => Ok(Self::Running),
            _ if answers > 0 => Ok(Self::Stopped),
            _ if awaited || !ready || results.picture.with(Option::is_none) => Ok(Self::Waiting),
            _ => Ok(Self::NotStarted),
        }
    }

    /// Its name as `data-state`.
    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Waiting => "waiting",
            Self::NotStarted => "none",
            Self::Running => "running",
            Self::Stopped => "stopped",
            Self::Done => "done",
        }
    }

    /// The text of the button.
    pub(crate) fn action(self) -> String {
        match self {
            Self::Waiting | Self::NotStarted => format!("Measure accuracy on {} test pictures", TEST.pictures),
            Self::Running => "Stop".into(),
            Self::Stopped => "Resume".into(),
            Self::Done => "Measure again".into(),
        }
    }
}
