//! Batch norm by the batch's own statistics, then ReLU where asked.

use super::table::BatchNormParams;
use super::table::batch_norm_train::SHADER;
use super::{Constant, Dispatch, KernelError, Shader};
use crate::shape::Nchw;

/// The launch of this kernel.
///
/// # Errors
/// More elements or workgroups than WebGPU has numbers for.
pub fn dispatch(shape: Nchw, relu: bool, eps: f64) -> Result<Dispatch, KernelError> {
    SHADER.dispatch(&[("RELU", Constant::Bool(relu))], params(&SHADER, shape, eps)?, SHADER.linear_grid(shape.len()))
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
