//! The step that times whole runs.

use super::{Answered, Interrupt, Pass};
use crate::protocol::{Event, Timed, Work};
use crate::session::host::Host;

impl<H: Host> Pass<H> {
    /// As many timed runs as asked for; the first, if nothing ran before it, is warm-up and left out.
    pub(super) async fn time(&self, answered: &Answered<H>) -> Result<(), Interrupt> {
        let runs = self.choice.runs;
        let known = self.results.timed(&self.setting);
        if known.is_some_and(|known| known.runs == runs && known.wall.len() == runs) {
            return Ok(());
        }
        let mut timed = Timed { setting: self.setting.clone(), runs, wall: Vec::new(), gpu: Vec::new() };
        if !answered.warm {
            self.next(Work::Timing { done: 0, runs }).await?;
            self.host.classify(&answered.network, &answered.tensor).await?;
        }
        for done in 0..runs {
            self.next(Work::Timing { done, runs }).await?;
            let timing = self.host.classify(&answered.network, &answered.tensor).await?.timing;
            timed.wall.push(timing.wall_ms);
            timed.gpu.extend(timing.gpu_ms);
            self.results.keep(&timed);
            self.emit(Event::Timed(timed.clone()));
        }
        Ok(())
    }
}
