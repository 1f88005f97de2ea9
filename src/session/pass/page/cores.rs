//! The step that finds how many cores are best for a network. It follows the answer, which does not wait for it.

use super::{Answered, Interrupt, Pass};
use crate::protocol::{Backend, CoreCounts, Work};
use crate::session::host::Host;

impl<H: Host> Pass<H> {
    /// Times a block of the network on numbers of cores, unless that is done, or the visitor has chosen one. Where another number is better,
    /// the pass is restarted with it.
    pub(super) async fn measure_cores(&self, answered: &Answered<H>) -> Result<(), Interrupt> {
        let network = self.setting.network;
        let known = self.device.cores.borrow().clone();
        let counts: Vec<usize> = known.counts().collect();
        let is_measured = known.measured.iter().any(|(of, _)| *of == network);
        if self.setting.backend != Backend::Cpu || self.choice.cores.is_some() || is_measured || counts.len() < 2 {
            return Ok(());
        }
        self.next(Work::Sharing).await?;
        let model = self.host.model(&answered.classifier).at(self.setting.config.clone());
        let times = self.host.time_cores(&model, &self.setting, &counts).await?;
        if let Some(best) = CoreCounts::best(&times) {
            let mut cores = known;
            cores.measured.push((network, best));
            self.set_cores(cores);
        }
        if self.device.setting(&self.choice) == self.setting { Ok(()) } else { Err(Interrupt::Restart) }
    }
}
