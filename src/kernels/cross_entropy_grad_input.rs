//! The gradient of the logits.

use super::table::cross_entropy_grad_input::SHADER;
use super::{Dispatch, KernelError, cross_entropy};

/// The launch of this kernel.
///
/// # Errors
/// More elements or workgroups than WebGPU has numbers for.
pub fn dispatch(n: usize, classes: usize, smoothing: f32) -> Result<Dispatch, KernelError> {
    cross_entropy::launch(&SHADER, n, classes, smoothing)
}
