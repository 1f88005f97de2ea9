//! The step that tunes the GPU: it times kernels and takes the fastest. It follows the answer, which does not wait for it.

use super::{Answered, Interrupt, Pass};
use crate::classifier::DeviceOf;
use crate::protocol::Work;
use crate::session::host::Host;

impl<H: Host> Pass<H> {
    /// Tunes the GPU, unless that is done. Where its kernels change, the pass is restarted with them.
    pub(super) async fn tune(&self, answered: &Answered<H>) -> Result<(), Interrupt> {
        let DeviceOf::Gpu(gpu) = &answered.device else { return Ok(()) };
        if self.device.is_tuned() {
            return Ok(());
        }
        self.next(Work::Tuning).await?;
        let before = self.host.tuning(gpu);
        let tuned = self.host.tune(gpu).await?;
        if self.tuned(&self.host.adapter(gpu), before, &tuned) {
            // The classifier has the former kernels, and the times are theirs.
            self.pass.ready.take();
            self.results.forget_gpu_times();
            self.laboratory.forget_gpu_runs();
            return Err(Interrupt::Restart);
        }
        Ok(())
    }
}
