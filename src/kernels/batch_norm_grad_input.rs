//! The gradient of a batch norm's input.

use super::table::batch_norm_grad_input::SHADER;
use super::{Constant, Dispatch, KernelError, batch_norm_train};
use crate::shape::Nchw;

/// The launch of this kernel. Without ReLU any buffer stands in for its output.
///
/// # Errors
/// More elements or workgroups than WebGPU has numbers for.
pub fn dispatch(shape: Nchw, relu: bool, eps: f64) -> Result<Dispatch, KernelError> {
    let params = batch_norm_train::params(&SHADER, shape, eps)?;
    SHADER.dispatch(&[("RELU", Constant::Bool(relu))], params, batch_norm_train::channel_grid(&SHADER, shape))
}
