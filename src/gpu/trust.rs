//! What a device has been found to compute rightly, and wrongly. Drivers and their compilers have errors that no feature tells.

use std::cell::{Cell, RefCell};

use crate::kernels::{ConvClass, ConvKernel, ConvLaunch, HAS_F16_ACTIVATIONS, KernelKey, Method, Tuning};
use crate::plan::{Probe, Task};

/// What is known of the kernels of a device.
#[derive(Debug, Default)]
pub struct Trust {
    /// Kernels that have been checked, with what, and how far they were off.
    checked: RefCell<Vec<(KernelKey, Task, Option<f32>)>>,
    /// Methods that computed something else.
    avoided: RefCell<Vec<(ConvClass, Method)>>,
    /// Whether products in f16 did.
    avoids_f16: Cell<bool>,
    /// Whether activations in f16 did, or a network has values that f16 does not hold.
    avoids_activation_f16: Cell<bool>,
}

impl Trust {
    /// How far a kernel was off when it was checked last, as [`Probe::error`] has it; `None` where it has not been checked.
    pub fn checked(&self, probe: &Probe) -> Option<Option<f32>> {
        let is_it = |(kernel, task, _): &&(KernelKey, Task, _)| *kernel == probe.dispatch.kernel && *task == probe.task;
        self.checked.borrow().iter().find(is_it).map(|&(.., error)| error)
    }

    /// Keeps how far a kernel was off.
    pub fn keep(&self, probe: &Probe, error: Option<f32>) {
        self.checked.borrow_mut().push((probe.dispatch.kernel.clone(), probe.task, error));
    }

    /// Forgets the checks, so that each kernel is checked again. What is avoided stays so.
    pub fn forget_checks(&self) {
        self.checked.borrow_mut().clear();
    }

    /// Chooses other methods than those of `tuning` for the convolutions among `tasks`, whose kernels computed something else than
    /// they should. `None` where one of the tasks has no other kernel left.
    pub fn avoid(&self, tuning: Tuning, tasks: impl Iterator<Item = Task>) -> Option<Tuning> {
        let mut other = tuning;
        if HAS_F16_ACTIVATIONS && tuning.activation_f16 {
            // Whether a method is wrong too shows when it is checked without.
            self.avoid_activation_f16();
            other.activation_f16 = false;
            return Some(other);
        }
        for task in tasks {
            let Task::Convolution(ConvLaunch { spec, output, .. }, kernel) = task else { return None };
            if matches!(kernel, ConvKernel::Implicit(tile) if tile.product_f16) {
                self.avoids_f16.set(true);
                other.product_f16 = false;
                continue;
            }
            let class = ConvClass::of(spec, output)?;
            let wrong = tuning.method(class);
            if self.allows(class, wrong) {
                self.avoided.borrow_mut().push((class, wrong));
            }
            other = other.with(class, class.methods().iter().copied().find(|&method| self.allows(class, method))?);
        }
        Some(other)
    }

    /// Whether a method has not been found to compute something else for layers of this class.
    pub(super) fn allows(&self, class: ConvClass, method: Method) -> bool {
        !self.avoided.borrow().contains(&(class, method))
    }

    /// Stores activations in f32 from now on.
    pub(super) fn avoid_activation_f16(&self) {
        self.avoids_activation_f16.set(true);
    }

    /// The same of activations in f16.
    pub(super) fn allows_activation_f16(&self) -> bool {
        !self.avoids_activation_f16.get()
    }

    /// The same of products in f16.
    pub(super) fn allows_f16(&self) -> bool {
        !self.avoids_f16.get()
    }
}
