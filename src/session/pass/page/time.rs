//! The step that times whole runs.

use super::{Answered, Interrupt, Pass};
use crate::protocol::{Event, Timed, Work};
use crate::session::host::Host;

impl<H: Host> Pass<H> {
    /// Times as many runs as the choice says; those of the sweep count. Where nothing has run in this pass, one run before them
    /// warms up.
    pub(super) async fn time(&self, answered: &Answered<H>) -> Result<(), Interrupt> {
        let runs = self.choice.runs;
        let known = self.results.timed(&self.setting);
        if known.as_ref().is_some_and(|known| known.runs == runs && known.is_complete()) {
            return Ok(());
        }
        let fewer = known.filter(|known| known.wall.len() < runs);
        let mut timed = fewer.unwrap_or_else(|| Timed::new(self.setting.clone(), runs));
        timed.runs = runs;
        if !answered.warm {
            self.next(Work::Timing { done: 0, runs }).await?;
            self.host.classify(&answered.classifier, &answered.tensor).await?;
        }
        for done in timed.wall.len()..runs {
            self.next(Work::Timing { done, runs }).await?;
            let timing = self.host.classify(&answered.classifier, &answered.tensor).await?.timing;
            timed.push(timing.wall_ms, timing.gpu_ms);
            self.results.keep(&timed);
            self.emit(Event::Timed(timed.clone()));
        }
        Ok(())
    }
}
