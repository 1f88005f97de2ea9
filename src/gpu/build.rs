//! From plan to engine: pipelines, buffers, bind groups, and the weights one layer at a time.

use std::cell::Cell;
use std::rc::Rc;

use super::buffers::Buffers;
use super::destroy_on_drop::Buffer;
use super::{Engine, Gpu, GpuError};
use crate::plan::{Plan, WeightBuffer};
use crate::weights::WeightSource;

/// How far loading has come.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Progress {
    /// The plan is made.
    Planned {
        /// Its dispatches.
        steps: usize,
    },
    /// Pipelines are being compiled.
    Pipelines {
        /// Steps whose pipeline was asked for.
        done: usize,
        /// Steps of the plan.
        total: usize,
    },
    /// Weights are being read and uploaded.
    Weights {
        /// Bytes on the device so far.
        bytes: u64,
        /// Bytes of all weights.
        total: u64,
    },
    /// A first run, whose time does not count.
    WarmUp,
}

impl Engine {
    /// Compiles what is not compiled yet, allocates, and uploads the weights as they come.
    ///
    /// # Errors
    /// What the tensors or the device refuse; nothing of an engine is left then.
    pub async fn build(
        gpu: &Rc<Gpu>,
        plan: Plan,
        source: &dyn WeightSource,
        progress: impl Fn(Progress),
    ) -> Result<Self, GpuError> {
        gpu.check()?;
        let sizes = plan.slots.iter().copied().chain(plan.weights.iter().map(WeightBuffer::bytes));
        fits(gpu, sizes)?;
        progress(Progress::Planned { steps: plan.steps.len() });

        let mut buffers = None;
        let allocated = scoped(gpu, &mut || buffers = Some(Buffers::allocate(gpu, &plan))).await;
        allocated.map_err(|error| match error {
            GpuError::OutOfMemory { .. } => GpuError::OutOfMemory { needed: Some(plan.gpu_bytes() as u64) },
            error => error,
        })?;
        let buffers = buffers.unwrap_or_else(|| unreachable!("a scope makes at once"));
        let total = plan.steps.len();
        let (mut steps, mut outcomes) = (Vec::with_capacity(total), Vec::with_capacity(total));
        for index in 0..total {
            outcomes.push(scoped(gpu, &mut || steps.push(buffers.bind(gpu, &plan, index))));
            progress(Progress::Pipelines { done: index + 1, total });
        }
        for (outcome, step) in outcomes.into_iter().zip(&plan.steps) {
            if let Err(error) = outcome.await {
                // An invalid cached pipeline only reports that it is invalid; compile it again for the compiler's message.
                gpu.forget(&step.dispatch.kernel);
                gpu.compile(&step.dispatch.kernel).await?;
                return Err(error);
            }
        }
        upload(gpu, &plan, &buffers.weights, source, &progress).await?;
        gpu.check()?;
        Ok(Self { gpu: gpu.clone(), plan, buffers, steps, busy: Cell::new(false), runs: Cell::new(0) })
    }
}

impl Gpu {
    /// Asks for the pipelines of a plan that is not built yet: the browser compiles them while its weights are still on their way.
    pub fn prepare(&self, plan: &Plan) {
        // An error of one is reported when the network is built.
        drop(scoped(self, &mut || plan.steps.iter().for_each(|step| drop(self.pipeline(&step.dispatch.kernel)))));
    }
}

/// Makes something on the device, at once; the future tells whether the device refused it.
///
/// Error scopes are a stack that all of a device's users share, and two networks may be built at a time: nothing is awaited
/// inside a scope.
pub(super) fn scoped(gpu: &Gpu, make: &mut dyn FnMut()) -> impl Future<Output = Result<(), GpuError>> + use<> {
    // A driver's compiler that gives up is an internal error.
    let internal = gpu.device.push_error_scope(wgpu::ErrorFilter::Internal);
    let validation = gpu.device.push_error_scope(wgpu::ErrorFilter::Validation);
    let memory = gpu.device.push_error_scope(wgpu::ErrorFilter::OutOfMemory);
    make();
    let (memory, validation, internal) = (memory.pop(), validation.pop(), internal.pop());
    async move {
        let refused = memory.await.or(validation.await).or(internal.await);
        refused.map_or(Ok(()), |error| Err(error.into()))
    }
}

/// Fetches, decodes, folds, packs and uploads every layer's weights, those first that come first in their file; one layer
/// is in memory at a time.
async fn upload(
    gpu: &Gpu,
    plan: &Plan,
    weights: &[Buffer],
    source: &dyn WeightSource,
    progress: &impl Fn(Progress),
) -> Result<(), GpuError> {
    let total = plan.weight_bytes() as u64;
    let mut bytes = 0;
    for (names, upload) in plan.uploads_in_file_order(source) {
        let tensors = source.fetch(&names).await?;
        for (target, values) in upload.targets.into_iter().zip(plan.load(upload, &*tensors)?) {
            let values = values.bytes();
            debug_assert_eq!(values.len(), plan.weights[target].bytes(), "{}", plan.weights[target].label);
            gpu.queue.write_buffer(&weights[target], 0, values);
            bytes += values.len() as u64;
        }
        progress(Progress::Weights { bytes, total });
    }
    Ok(())
}

/// Every buffer of a plan, by its size in bytes, within the device's limits.
pub(super) fn fits(gpu: &Gpu, sizes: impl Iterator<Item = usize>) -> Result<(), GpuError> {
    let limits = gpu.device.limits();
    let got = limits.max_storage_buffer_binding_size.min(limits.max_buffer_size);
    let needed = sizes.max().unwrap_or(0) as u64;
    if needed > got {
        return Err(GpuError::LimitsTooSmall { what: "bytes of a buffer", needed, got });
    }
    Ok(())
}
