//! Whether this device computes what it should: each kernel of a network on known values, against the CPU engine.

use super::{Classifier, Engine};
use crate::cpu;
use crate::error::Error;
use crate::plan::{KernelCheck, Probe, Tuning};

impl Classifier {
    /// Runs each kernel of the plan that this GPU has not been checked with, on a small problem, and compares it with the CPU
    /// engine. The result has all kernels of the plan; on the CPU none.
    ///
    /// # Errors
    /// What the device reports.
    pub async fn self_check(&self) -> Result<Vec<KernelCheck>, Error> {
        let Engine::Gpu(engine) = &self.engine else { return Ok(Vec::new()) };
        let (gpu, probes) = (engine.gpu(), self.plan().probes());
        let new: Vec<&Probe> = probes.iter().filter(|probe| gpu.trust().checked(probe).is_none()).collect();
        for (probe, actual) in new.iter().zip(gpu.run_probes(&new).await?) {
            let (x, weights, other) = probe.inputs();
            let expected = cpu::run_once(probe.task, weights, &x, other.as_deref(), probe.output_len);
            gpu.trust().keep(probe, Probe::error(&actual, &expected));
        }
        let check = |probe: Probe| KernelCheck {
            error: gpu.trust().checked(&probe).flatten(),
            kernel: probe.dispatch.kernel.name(),
            layers: probe.layers,
            limit: probe.limit,
        };
        Ok(probes.into_iter().map(check).collect())
    }

    /// Chooses other kernels on this GPU for the layers of those that failed, and gives the tuning with which the network is to be
    /// planned again; `None` where there is no other kernel, and the GPU is of no use.
    pub fn avoid(&self, checks: &[KernelCheck]) -> Option<Tuning> {
        let Engine::Gpu(engine) = &self.engine else { return None };
        let failed = |label: &String| checks.iter().any(|check| !check.passed() && check.layers.contains(label));
        let steps = self.plan().steps.iter().filter(|step| failed(&step.label));
        let gpu = engine.gpu();
        let other = gpu.trust().avoid(gpu.tuning(), steps.map(|step| step.task))?;
        gpu.set_tuning(other);
        Some(other)
    }
}
