//! The gradients of a batch norm's weight and bias.

use super::table::batch_norm_grad_weight::{Params, SHADER};
use super::{Constant, Dispatch, KernelError};
use crate::shape::Nchw;

/// The launch of this kernel. Without ReLU any buffer stands in for its output.
///
/// # Errors
/// More elements or workgroups than WebGPU has numbers for.
pub fn dispatch(shape: Nchw, relu: bool, eps: f64) -> Result<Dispatch, KernelError> {
    SHADER.u32(shape.len())?;
    let params = Params {
        n: SHADER.u32(shape.n)?,
        channels: SHADER.u32(shape.c)?,
        plane: SHADER.u32(shape.h * shape.w)?,
        eps: eps as f32,
    };
    SHADER.dispatch(&[("RELU", Constant::Bool(relu))], params, [shape.c, 1, 1])
}
