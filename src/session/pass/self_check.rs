//! The step that checks whether the GPU computes what it should. It follows the answer, which does not wait for it.

use super::{Interrupt, Pass};
use crate::classifier::DeviceOf;
use crate::protocol::{Event, Notice, SelfCheck, Work};
use crate::session::host::Host;
use crate::session::state::Session;

impl<H: Host> Pass<H> {
    /// Checks the kernels of the setting's plan, unless that is done. Where one of them is wrong, the pass is restarted with
    /// another kernel, or on the CPU.
    pub(super) async fn self_check(
        &self,
        device: &DeviceOf<H::Gpu>,
        classifier: &H::Classifier,
    ) -> Result<(), Interrupt> {
        let DeviceOf::Gpu(gpu) = device else { return Ok(()) };
        let is_wanted = self.choice.measure || self.device.check_wanted.get();
        if !is_wanted || self.device.checked.borrow().contains(&self.setting) {
            return Ok(());
        }
        self.next(Work::Checking).await?;
        let start = self.host.now();
        let kernels = self.host.self_check(classifier).await?;
        let check = SelfCheck { setting: self.setting.clone(), kernels, ms: self.host.now() - start };
        self.device.check_wanted.set(false);
        self.emit(Event::SelfCheck(check.clone()));
        let Some(failed) = check.failed() else {
            self.device.checked.borrow_mut().push(self.setting.clone());
            return Ok(());
        };
        let other = self.host.avoid(classifier, &check.kernels);
        let layer = failed.layers.first().cloned().unwrap_or_default();
        let (error, adapter, on_cpu) = (failed.error, self.host.adapter(gpu).name, other.is_none());
        let notice = Notice::WrongResults { layer, error, adapter, on_cpu };
        if on_cpu {
            return Err(Interrupt::WrongResults(notice));
        }
        // What the wrong kernel gave does not count.
        self.pass.ready.take();
        self.results.forget_gpu();
        self.laboratory.forget_gpu_runs();
        self.notice(notice);
        Err(Interrupt::Restart)
    }
}

impl<H: Host> Session<H> {
    /// Checks the kernels again, also where nothing is measured.
    pub(in crate::session) fn check_again(&self) {
        if let Some(gpu) = self.device.gpu() {
            self.host.forget_checks(&gpu);
        }
        self.device.checked.take();
        self.device.check_wanted.set(true);
        self.begin_pass();
    }
}
