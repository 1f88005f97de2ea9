//! The step that times every layer.

use super::{Answered, Interrupt, Pass};
use crate::protocol::{Backend, Event, Profile, Work};
use crate::session::host::Host;

impl<H: Host> Pass<H> {
    /// Times every layer, unless that is known or the adapter has no clock for it.
    pub(super) async fn profile(&self, answered: &Answered<H>) -> Result<(), Interrupt> {
        // The CPU's clock can be asked at any time.
        let has_clock = self.setting.backend == Backend::Cpu
            || self.device.state().adapter().is_some_and(|adapter| adapter.timestamps);
        let known = self.results.profile.borrow().as_ref() == Some(&self.setting);
        if known || !has_clock {
            return Ok(());
        }
        self.next(Work::Profiling).await?;
        let steps = self.host.profile(&answered.network, &answered.tensor).await?;
        let steps = steps.into_iter().map(|step| (step.layers, step.ms)).collect();
        *self.results.profile.borrow_mut() = Some(self.setting.clone());
        self.emit(Event::Profile(Profile { setting: self.setting.clone(), steps }));
        Ok(())
    }
}
