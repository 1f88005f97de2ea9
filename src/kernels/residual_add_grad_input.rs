//! The gradient of both terms of a sum that ReLU follows.

use super::table::residual_add_grad_input::{Params, SHADER};
use super::{Dispatch, KernelError};
use crate::shape::Nchw;

/// The launch of this kernel.
///
/// # Errors
/// More elements or workgroups than WebGPU has numbers for.
pub fn dispatch(shape: Nchw) -> Result<Dispatch, KernelError> {
    SHADER.dispatch(&[], Params { elements: SHADER.u32(shape.len())? }, SHADER.linear_grid(shape.len()))
}
