//! A pass brings everything up to date with the choice: the model, the device, the classifier, and what this repository's page shows:
//! the picture, the answer, and the measurements after it. A newer choice drops it at its next await. What is known is not computed
//! twice, so a pass may be restarted at any time.
//!
//! Each step is a file. What only this repository's page asks for is in `page`.

mod classifier;
mod model;
#[cfg(feature = "page")]
mod page;
#[cfg(not(feature = "page"))]
mod questions;
mod self_check;

#[cfg(feature = "page")]
pub(super) use page::maps_of;

use std::ops::Deref;

use super::host::Host;
use super::state::Session;
use crate::Error;
#[cfg(feature = "page")]
use crate::cpu::CpuError;
use crate::gpu::GpuError;
use crate::protocol::{Choice, LoadFailure, LoadStep, Notice, Setting, Work};

/// Why a pass ended early.
pub(super) enum Interrupt {
    /// It waits for something that will begin another pass.
    Wait,
    /// It has to be restarted.
    Restart,
    /// Why.
    Failed(LoadFailure),
    /// The device was lost, or has stopped answering.
    DeviceLost { hung: bool },
    #[cfg(feature = "page")]
    /// The cores of the processor cannot share the network, or one has stopped: why, in words.
    CoresFailed(String),
    #[cfg(feature = "page")]
    /// The network has values that f16 does not hold; built again, its activations will be f32.
    OutsideF16,
    /// The device computes something else than it should, and no other kernel does better: what is to be said of it.
    WrongResults(Notice),
}

impl From<Error> for Interrupt {
    fn from(error: Error) -> Self {
        match error {
            Error::Gpu(GpuError::Lost { .. }) => Self::DeviceLost { hung: false },
            Error::Gpu(GpuError::Hung { .. }) => Self::DeviceLost { hung: true },
            #[cfg(feature = "page")]
            Error::Gpu(GpuError::ActivationOutsideF16) => Self::OutsideF16,
            #[cfg(feature = "page")]
            Error::Cpu(CpuError::Cores(why)) => Self::CoresFailed(why),
            error => Self::Failed(error.into()),
        }
    }
}

impl<H: Host> Session<H> {
    /// Begins a pass over the choice, in place of the one under way.
    pub(super) fn begin_pass(&self) {
        let Some(choice) = self.choice.borrow().clone() else { return };
        let session = self.clone();
        self.begin(&self.pass.slot, async move {
            loop {
                let setting = session.device.setting(&choice);
                session.pass.setting.take();
                session.pass.has_picture.set(false);
                let pass = Pass { session: session.clone(), choice: choice.clone(), setting };
                match pass.run().await {
                    Ok(()) => {
                        session.device.losses.recovered();
                        session.work(Work::Ready);
                    }
                    Err(Interrupt::Restart) => continue,
                    Err(Interrupt::Wait) => {}
                    Err(Interrupt::Failed(failure)) => {
                        #[cfg(feature = "page")]
                        session.request_evaluation(None);
                        session.work(Work::Failed(failure));
                    }
                    Err(Interrupt::DeviceLost { hung }) => session.device_lost(hung),
                    #[cfg(feature = "page")]
                    Err(Interrupt::CoresFailed(why)) => {
                        session.cores_failed(why);
                        continue;
                    }
                    #[cfg(feature = "page")]
                    Err(Interrupt::OutsideF16) => {
                        session.pass.drop_classifiers();
                        continue;
                    }
                    Err(Interrupt::WrongResults(notice)) => session.device_is_wrong(notice),
                }
                return;
            }
        });
    }

    /// Begins a pass where none is under way.
    pub(super) fn wake_pass(&self) {
        if !self.pass.slot.is_busy() {
            self.begin_pass();
        }
    }

    /// The device is open, or it is known that there is none.
    pub(super) fn device_came(&self) {
        // A load may wait for it too.
        self.notify_changed();
        let is_outdated =
            self.pass.setting.borrow().as_ref().is_some_and(|setting| Some(setting) != self.setting().as_ref());
        if is_outdated || !self.pass.slot.is_busy() {
            self.begin_pass();
        }
    }
}

/// A pass and the choice it belongs to.
struct Pass<H: Host> {
    session: Session<H>,
    choice: Choice,
    setting: Setting,
}

impl<H: Host> Deref for Pass<H> {
    type Target = Session<H>;

    fn deref(&self) -> &Session<H> {
        &self.session
    }
}

impl<H: Host> Pass<H> {
    async fn run(&self) -> Result<(), Interrupt> {
        let model = self.model().await?;
        #[cfg(feature = "page")]
        if !self.live.is_on.get() {
            self.prepare_for(model.preprocess());
        }
        let device = self.device_for(self.setting.backend).await;
        if self.device.setting(&self.choice) != self.setting {
            // Meanwhile it is known that there is no GPU, or only an emulated one. The model, which may have taken long, is kept.
            return Err(Interrupt::Restart);
        }
        *self.pass.setting.borrow_mut() = Some(self.setting.clone());
        let device = device.map_err(Interrupt::Failed)?;
        let classifier = self.classifier(&device, &model).await?;
        // Frames and questions wait for it.
        self.notify_changed();
        self.answer(device, classifier).await
    }

    /// Reports the work that is next, and lets commands in before it: a newer choice stops this pass here. Nothing is measured
    /// while a network is being loaded: that would falsify the times and delay the network.
    async fn next(&self, work: Work) -> Result<(), Interrupt> {
        self.work(work);
        self.host.turn().await;
        if self.load.is_busy() {
            self.work(Work::Ready);
            return Err(Interrupt::Wait);
        }
        Ok(())
    }
}

/// A step of loading, as the protocol has it.
pub(super) fn load_step(progress: crate::classifier::Progress) -> LoadStep {
    use crate::classifier::Progress;
    match progress {
        Progress::Planned { steps } => LoadStep::Planned { steps },
        Progress::Pipelines { done, total } => LoadStep::Pipelines { done, total },
        Progress::Weights { bytes, total } => LoadStep::Weights { done: bytes, total },
        Progress::WarmUp => LoadStep::WarmUp,
    }
}
