//! The first half of a step of gradient descent: the velocity follows the gradient.

use super::sgd::{SgdLaunch, half};
use super::table::sgd_velocity::SHADER;
use super::{Dispatch, KernelError};

/// The launch of this kernel.
///
/// # Errors
/// More elements or workgroups than WebGPU has numbers for.
pub fn dispatch(launch: SgdLaunch) -> Result<Dispatch, KernelError> {
    half(&SHADER, launch)
}
