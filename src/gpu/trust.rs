//! What this device has been found to compute rightly, and wrongly. Drivers and their compilers have errors that no feature tells.

use std::cell::{Cell, RefCell};

use super::build::scoped;
use super::destroy_on_drop::Buffer;
use super::run_kernel::Launch;
use super::{Gpu, GpuError};
use crate::kernels::{ConvClass, ConvKernel, ConvLaunch, KernelKey, Method, Tuning};
use crate::plan::{Probe, Task};

/// What is known of the kernels of a device.
#[derive(Debug, Default)]
pub(super) struct Trust {
    /// Kernels that have been checked, how they end, and how far they were off (see [`Gpu::checked`]).
    checked: RefCell<Vec<(KernelKey, Task, Option<f32>)>>,
    /// Methods that computed something else.
    avoided: RefCell<Vec<(ConvClass, Method)>>,
    /// Whether products in f16 did.
    avoids_f16: Cell<bool>,
}

impl Gpu {
    /// How far a kernel was off when it was checked last: [`Probe::error`]; `None` where it has not been.
    pub fn checked(&self, probe: &Probe) -> Option<Option<f32>> {
        let is_it = |(kernel, task, _): &&(KernelKey, Task, _)| *kernel == probe.dispatch.kernel && *task == probe.task;
        self.trust.checked.borrow().iter().find(is_it).map(|&(.., error)| error)
    }

    /// Keeps how far a kernel was off.
    pub fn keep_check(&self, probe: &Probe, error: Option<f32>) {
        self.trust.checked.borrow_mut().push((probe.dispatch.kernel.clone(), probe.task, error));
    }

    /// Forgets all checks, so that each kernel is checked again.
    pub fn forget_checks(&self) {
        self.trust.checked.borrow_mut().clear();
    }

    /// Runs each problem and gives their outputs, all in one submission. What a kernel leaves out is NaN.
    ///
    /// # Errors
    /// What the device reports.
    pub async fn run_probes(&self, probes: &[&Probe]) -> Result<Vec<Vec<f32>>, GpuError> {
        let bindings: Vec<Vec<Vec<u8>>> = probes.iter().map(|probe| probe.bindings()).collect();
        let mut buffers: Vec<Vec<Buffer>> = Vec::new();
        let filled = scoped(self, &mut || {
            buffers = bindings.iter().map(|inputs| inputs.iter().map(|bytes| self.filled(bytes)).collect()).collect();
        });
        filled.await?;
        let outputs: Vec<Vec<f32>> = probes.iter().map(|probe| vec![f32::NAN; probe.output_len]).collect();
        let launches: Vec<Launch<'_>> = probes
            .iter()
            .zip(&buffers)
            .zip(&outputs)
            .map(|((probe, inputs), output)| Launch {
                dispatch: &probe.dispatch,
                inputs: inputs.iter().collect(),
                output,
            })
            .collect();
        self.run_each(&launches).await
    }

    /// Chooses other methods for the convolutions among `tasks`, whose kernels computed something else than they should, and gives
    /// the tuning that has them; `None` where one of the tasks has no other kernel left.
    pub fn avoid(&self, tasks: impl Iterator<Item = Task>) -> Option<Tuning> {
        let mut tuning = self.tuning.get();
        for task in tasks {
            let Task::Convolution(ConvLaunch { spec, output, .. }, kernel) = task else { return None };
            if matches!(kernel, ConvKernel::Implicit(tile) if tile.product_f16) {
                self.trust.avoids_f16.set(true);
                tuning.product_f16 = false;
                continue;
            }
            let class = ConvClass::of(spec, output)?;
            let wrong = self.tuning.get().method(class);
            if self.trusts(class, wrong) {
                self.trust.avoided.borrow_mut().push((class, wrong));
            }
            tuning = tuning.with(class, class.methods().iter().copied().find(|&method| self.trusts(class, method))?);
        }
        self.tuning.set(tuning);
        Some(tuning)
    }

    /// Whether a method has not been found to compute something else for layers of this class.
    pub(super) fn trusts(&self, class: ConvClass, method: Method) -> bool {
        !self.trust.avoided.borrow().contains(&(class, method))
    }

    /// The same of products in f16.
    pub(super) fn trusts_f16(&self) -> bool {
        !self.trust.avoids_f16.get()
    }
}
