//! The steps that only this repository's page asks for: the picture and its answer, what is shown beyond it, and the measurements.
//!
//! A new step is a file and a line in [`Pass::look`] or [`Pass::measurements`].

mod bundled;
mod class_activation;
mod classify;
mod cores;
mod evaluate;
mod forms;
mod group;
mod laboratory;
mod look;
mod occlusion;
mod profile;
mod sweep;
mod time;
mod tune;

pub(in crate::session) use class_activation::maps_of;

use std::rc::Rc;

use super::{Interrupt, Pass};
use crate::classifier::DeviceOf;
use crate::protocol::{Looks, Notice, Work};
use crate::session::host::Host;
use crate::session::state::Session;

/// Milliseconds between two events of a step whose results come in faster than anybody can read them.
const EVENT_EVERY_MS: f64 = 100.0;

/// What the steps after the answer work with.
struct Answered<H: Host> {
    device: DeviceOf<H::Gpu>,
    classifier: Rc<H::Classifier>,
    picture: u64,
    tensor: Rc<Vec<f32>>,
    /// Whether the classifier has run in this pass: the first run is slower than the others.
    warm: bool,
}

impl<H: Host> Session<H> {
    /// A picture is ready.
    pub(in crate::session) fn picture_came(&self) {
        if self.pass.slot.is_busy() && !self.pass.has_picture.get() {
            self.notify_changed();
        } else {
            self.begin_pass();
        }
    }

    /// A picture cannot be used: the one before it stays, if there is one.
    pub(in crate::session) fn picture_failed(&self) {
        self.notify_changed();
        self.wake_pass();
    }
}

impl<H: Host> Pass<H> {
    /// Learns, answers the picture, with what is to be shown beyond that, and measures.
    pub(super) async fn answer(
        &self,
        device: DeviceOf<H::Gpu>,
        classifier: Rc<H::Classifier>,
    ) -> Result<(), Interrupt> {
        if self.live.is_on.get() {
            self.work(Work::Ready);
            return Err(Interrupt::Wait);
        }
        if self.teach(&self.setting, &classifier, false).await? {
            // The page chooses the network that has learned.
            return Err(Interrupt::Wait);
        }
        if self.picture.last_id.get() == 0 {
            // Where questions are asked and no picture is shown, no answer comes before it.
            self.self_check(&device, &classifier).await?;
        }
        let (picture, tensor) = self.wait_for_picture().await;
        let warm = self.classify(&classifier, picture, &tensor).await?;
        match self.after_the_answer(&Answered { device, classifier, picture, tensor, warm }).await {
            // The answer is there, and stays.
            Err(Interrupt::Failed(failure)) => {
                self.request_evaluation(None);
                self.notice(Notice::Failed(failure.reason));
                Ok(())
            }
            outcome => outcome,
        }
    }

    /// Id and tensor of the picture, as soon as it is prepared for this network.
    async fn wait_for_picture(&self) -> (u64, Rc<Vec<f32>>) {
        loop {
            let change = self.changed.listen();
            if let Some(ready) = self.picture.ready() {
                self.pass.has_picture.set(true);
                return ready;
            }
            self.work(if self.picture.is_busy() { Work::Preparing } else { Work::Ready });
            change.await;
        }
    }

    /// What is to be shown beyond the answer, and the measurements.
    async fn after_the_answer(&self, answered: &Answered<H>) -> Result<(), Interrupt> {
        self.look(answered).await?;
        self.self_check(&answered.device, &answered.classifier).await?;
        self.measurements(answered).await
    }

    /// Computes what is to be shown of the network, and is not known yet.
    async fn look_inside(&self, answered: &Answered<H>, looks: &Looks) -> Result<(), Interrupt> {
        if let Some(look) = &looks.group {
            self.told(self.group(answered, look).await)?;
        }
        if let Some(place) = looks.occlusion {
            self.told(self.occlusion(answered, place).await)?;
        }
        if let Some(block) = &looks.forms {
            self.told(self.forms(answered, block).await)?;
        }
        Ok(())
    }

    /// Measures what is wanted, and is not known yet.
    async fn measurements(&self, answered: &Answered<H>) -> Result<(), Interrupt> {
        if self.choice.measure {
            self.measure_cores(answered).await?;
            self.tune(answered).await?;
            // Tuning runs many kernels, and those in use are to be right after it too.
            self.self_check(&answered.device, &answered.classifier).await?;
            self.profile(answered).await?;
            self.time(answered).await?;
        }
        self.evaluate_test_pictures(answered).await?;
        self.measure_stops(answered).await?;
        self.sweep(answered).await
    }
}
