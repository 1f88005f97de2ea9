//! The gradient of a global average's input.

use super::table::global_avg_pool_grad_input::{Params, SHADER};
use super::{Dispatch, KernelError};
use crate::shape::Nchw;

/// The launch of this kernel; `input` is the shape of the average's input.
///
/// # Errors
/// More elements or workgroups than WebGPU has numbers for.
pub fn dispatch(input: Nchw) -> Result<Dispatch, KernelError> {
    let params = Params { elements: SHADER.u32(input.len())?, plane: SHADER.u32(input.h * input.w)? };
    SHADER.dispatch(&[], params, SHADER.linear_grid(input.len()))
}
