//! The step that times every dispatch.

use super::{Answered, Interrupt, Pass};
use crate::classifier::StepTime;
use crate::protocol::{Backend, Event, Profile, StepProfile, Work};
use crate::session::host::Host;

impl<H: Host> Pass<H> {
    /// Times every dispatch, unless that is done or the adapter has no timestamps.
    pub(super) async fn profile(&self, answered: &Answered<H>) -> Result<(), Interrupt> {
        let has_clock = self.setting.backend == Backend::Cpu
            || self.device.state().adapter().is_some_and(|adapter| adapter.timestamps);
        let known = self.results.profile.borrow().as_ref() == Some(&self.setting);
        if known || !has_clock {
            return Ok(());
        }
        self.next(Work::Profiling).await?;
        let steps = self.host.profile(&answered.classifier, &answered.tensor).await?;
        let step = |StepTime { layers, kernel, ms, repeats, macs, bytes }| StepProfile {
            layers,
            kernel,
            ms,
            repeats,
            macs,
            bytes,
        };
        let steps = steps.into_iter().map(step).collect();
        *self.results.profile.borrow_mut() = Some(self.setting.clone());
        self.emit(Event::Profile(Profile { setting: self.setting.clone(), steps }));
        Ok(())
    }
}
