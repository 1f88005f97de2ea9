//! Batch norm by the batch's own statistics, then ReLU where asked.

use super::table::BatchNormParams;
use super::table::batch_norm_train::SHADER;
use super::{Constant, Dispatch, KernelError, MAX_WORKGROUPS, Shader};
use crate::shape::Nchw;

/// The launch of this kernel.
///
/// # Errors
/// More elements or workgroups than WebGPU has numbers for.
pub fn dispatch(shape: Nchw, relu: bool, eps: f64) -> Result<Dispatch, KernelError> {
    SHADER.dispatch(&[("RELU", Constant::Bool(relu))], params(&SHADER, shape, eps)?, channel_grid(&SHADER, shape))
}

/// The uniforms of the batch norm and of its gradients.
pub(super) fn params(shader: &Shader, shape: Nchw, eps: f64) -> Result<BatchNormParams, KernelError> {
    shader.u32(shape.len())?;
    Ok(BatchNormParams {
        n: shader.u32(shape.n)?,
        channels: shader.u32(shape.c)?,
        plane: shader.u32(shape.h * shape.w)?,
        eps: eps as f32,
    })
}

/// Values of a channel per thread, so that what belongs to the channel is read and computed for several.
const ITEMS: usize = 16;

/// Workgroups for channels (x), and for parts of each channel's values.
pub(super) fn channel_grid(shader: &Shader, shape: Nchw) -> [usize; 3] {
    let values = ITEMS * shader.workgroup_size[0] as usize;
    [shape.c, (shape.n * shape.h * shape.w).div_ceil(values).clamp(1, MAX_WORKGROUPS), 1]
}
