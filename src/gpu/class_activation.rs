//! Class activation maps, of what the last run has left on the device.

use super::engine::Busy;
use super::{Engine, GpuError};
use crate::kernels::class_activation;

impl Engine {
    /// The maps of the classes whose rows of the linear layer `weight` holds, `[classes, c]`: `[n, classes, h, w]` at the size of
    /// the last block. `None` where `run`, which is [`Run::id`](super::Run::id), is not the last run, or where the plan has no
    /// last block.
    ///
    /// # Errors
    /// [`GpuError::Busy`] during a run, or what the device reports.
    pub async fn class_activation(&self, run: u64, weight: &[f32]) -> Result<Option<Vec<f32>>, GpuError> {
        let _busy = Busy::enter(&self.busy)?;
        self.gpu.check()?;
        let Some(last) = self.plan.last_block.as_ref().filter(|_| self.runs.get() == run) else { return Ok(None) };
        let classes = weight.len() / last.shape.c;
        let mut dispatch = class_activation::dispatch(last.shape, classes)?;
        dispatch.kernel = dispatch.kernel.over_f16(self.plan.options.activation_f16());
        let rows = self.gpu.filled(bytemuck::cast_slice(weight));
        let len = last.shape.n * classes * last.shape.h * last.shape.w;
        Ok(Some(self.gpu.run_on(&dispatch, &[&self.buffers.slots[last.slot], &rows], len).await?))
    }
}
