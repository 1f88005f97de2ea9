//! The second half of a step of gradient descent: a parameter follows its velocity.

use super::table::SgdParams;
use super::table::sgd::SHADER;
use super::{Dispatch, KernelError, Shader};

/// What a step of gradient descent depends on besides its buffers, named as `torch.optim.SGD` names it.
#[derive(Clone, Copy, Debug, PartialEq)]
#[allow(missing_docs, reason = "the names are PyTorch's, and the shaders have the formulas")]
pub struct SgdLaunch {
    pub elements: usize,
    pub lr: f32,
    pub momentum: f32,
    pub nesterov: bool,
    pub weight_decay: f32,
}

/// The launch of this kernel.
///
/// # Errors
/// More elements or workgroups than WebGPU has numbers for.
pub fn dispatch(launch: SgdLaunch) -> Result<Dispatch, KernelError> {
    half(&SHADER, launch)
}

/// The launch of one half of the step.
pub(super) fn half(shader: &'static Shader, launch: SgdLaunch) -> Result<Dispatch, KernelError> {
    let SgdLaunch { elements, lr, momentum, nesterov, weight_decay } = launch;
    let params = SgdParams { elements: shader.u32(elements)?, lr, momentum, weight_decay, nesterov: nesterov.into() };
    shader.dispatch(&[], params, shader.linear_grid(elements))
}
