//! The loss of each picture.

use super::table::LossParams;
use super::table::cross_entropy::SHADER;
use super::{Dispatch, KernelError, Shader};

/// The launch of this kernel.
///
/// # Errors
/// More elements or workgroups than WebGPU has numbers for.
pub fn dispatch(n: usize, classes: usize, smoothing: f32) -> Result<Dispatch, KernelError> {
    launch(&SHADER, n, classes, smoothing)
}

/// The launch of the loss or of its gradient.
pub(super) fn launch(
    shader: &'static Shader,
    n: usize,
    classes: usize,
    smoothing: f32,
) -> Result<Dispatch, KernelError> {
    shader.u32(n * classes)?;
    let params = LossParams { n: shader.u32(n)?, classes: shader.u32(classes)?, smoothing };
    shader.dispatch(&[], params, [n.div_ceil(shader.workgroup_size[0] as usize), 1, 1])
}
