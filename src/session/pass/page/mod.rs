//! The steps that only this repository's page asks for: what it shows of the network beyond the answer, and the measurements.

mod evaluate;
mod forms;
mod group;
mod laboratory;
mod occlusion;
mod profile;
mod sweep;
mod time;
mod tune;

use super::{Answered, Interrupt, Pass};
use crate::protocol::Looks;
use crate::session::host::Host;

/// Milliseconds between two events of a step whose results come in faster than anybody can read them.
const EVENT_EVERY_MS: f64 = 100.0;

impl<H: Host> Pass<H> {
    /// Computes what is to be shown of the network, and is not known yet.
    pub(super) async fn look_inside(&self, answered: &Answered<H>, looks: &Looks) -> Result<(), Interrupt> {
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
    pub(super) async fn measurements(&self, answered: &Answered<H>) -> Result<(), Interrupt> {
        if self.choice.measure {
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
