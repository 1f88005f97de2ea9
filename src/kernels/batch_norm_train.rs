//! Batch norm by the batch's own statistics, then ReLU where asked.

use super::table::batch_norm_train::{Params, SHADER};
use super::{Constant, Dispatch, KernelError};
use crate::shape::Nchw;

/// The launch of this kernel.
///
/// # Errors
/// More elements or workgroups than WebGPU has numbers for.
pub fn dispatch(shape: Nchw, relu: bool, eps: f64) -> Result<Dispatch, KernelError> {
    let params = Params {
        elements: SHADER.u32(shape.len())?,
        channels: SHADER.u32(shape.c)?,
        plane: SHADER.u32(shape.h * shape.w)?,
        eps: eps as f32,
    };
    SHADER.dispatch(&[("RELU", Constant::Bool(relu))], params, SHADER.linear_grid(shape.len()))
}
