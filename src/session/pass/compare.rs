//! The step that compares the CPU with a software adapter.

use super::{Answered, Interrupt, Pass};
use crate::classifier::{DeviceOf, Stats};
use crate::protocol::{Backend, Event, Setting, Work};
use crate::session::host::Host;

/// The most bytes of a network that is loaded a second time for this.
const SMALL_BYTES: u64 = 32 << 20;

impl<H: Host> Pass<H> {
    /// Times the CPU engine once, with a small network, where the adapter is a software adapter.
    pub(super) async fn compare_with_cpu(&self, answered: &Answered<H>) -> Result<(), Interrupt> {
        let software = self.device.state().adapter().is_some_and(|adapter| adapter.software);
        let is_known = self.results.cpu_speed.borrow().is_some() || self.choice.backend.is_some();
        let is_small = self.host.bytes(&answered.classifier) < SMALL_BYTES;
        let timed = self.results.timed(&self.setting).filter(|_| software && !is_known && is_small);
        let Some(timed) = timed else { return Ok(()) };
        self.next(Work::TryingCpu).await?;
        let setting = Setting { backend: Backend::Cpu, ..self.setting.clone() };
        let model = self.host.model(&answered.classifier).clone();
        let cpu = self.host.load(&DeviceOf::Cpu, &model, &setting, true, &|_| {}).await?;
        let mut cpu_ms = f64::INFINITY;
        for _ in 0..2 {
            self.host.turn().await;
            cpu_ms = self.host.classify(&cpu, &answered.tensor).await?.timing.wall_ms.min(cpu_ms);
        }
        let speed = Stats::new(timed.wall).median / cpu_ms.max(0.1);
        *self.results.cpu_speed.borrow_mut() = Some(speed);
        self.emit(Event::CpuSpeed(speed));
        Ok(())
    }
}
