//! Batch norm as a scale and a shift per channel, then ReLU where asked.

use super::table::batch_norm_relu::{Params, SHADER};
use super::{Constant, Dispatch, KernelError};
use crate::shape::Nchw;

/// The launch of this kernel.
///
/// # Errors
/// More elements or workgroups than WebGPU has numbers for.
pub fn dispatch(shape: Nchw, relu: bool) -> Result<Dispatch, KernelError> {
    let params = Params {
        elements: SHADER.u32(shape.len())?,
        channels: SHADER.u32(shape.c)?,
        plane: SHADER.u32(shape.h * shape.w)?,
    };
    SHADER.dispatch(&[("RELU", Constant::Bool(relu))], params, SHADER.linear_grid(shape.len()))
}
