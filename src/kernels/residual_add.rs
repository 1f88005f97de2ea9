//! The sum of two activations of one size, then ReLU where asked.

use super::table::residual_add::{Params, SHADER};
use super::{Constant, Dispatch, KernelError};
use crate::shape::Nchw;

/// The launch of this kernel.
///
/// # Errors
/// More elements or workgroups than WebGPU has numbers for.
pub fn dispatch(shape: Nchw, relu: bool) -> Result<Dispatch, KernelError> {
    let params = Params { elements: SHADER.u32(shape.len())? };
    SHADER.dispatch(&[("RELU", Constant::Bool(relu))], params, SHADER.linear_grid(shape.len()))
}
