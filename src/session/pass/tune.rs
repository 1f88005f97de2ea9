//! The step that chooses the GPU's kernels, once the first answer is there: nobody waits for it.

use super::{Answered, Interrupt, Pass};
use crate::classifier::DeviceOf;
use crate::protocol::Work;
use crate::session::host::Host;

impl<H: Host> Pass<H> {
    /// Chooses the kernels, unless they were chosen. Where they are others than before, the pass begins again with them.
    pub(super) async fn tune(&self, answered: &Answered<H>) -> Result<(), Interrupt> {
        let DeviceOf::Gpu(gpu) = &answered.device else { return Ok(()) };
        if self.device.is_tuned() {
            return Ok(());
        }
        self.next(Work::Tuning).await?;
        let before = self.host.tuning(gpu);
        let tuned = self.host.tune(gpu).await?;
        if self.tuned(&self.host.adapter(gpu), before, &tuned) {
            // What was timed with other kernels, and the network that has them, are of no use.
            self.pass.ready.take();
            self.results.forget_gpu_times();
            return Err(Interrupt::Restart);
        }
        Ok(())
    }
}
