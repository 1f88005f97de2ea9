//! The gradient of a convolution's input, of any kernel size, stride, padding and grouping.

use super::table::conv2d_grad_input::SHADER;
use super::{ConvLaunch, Dispatch, KernelError};
use crate::shape::{Conv2dSpec, Nchw};

/// Input channels that a thread computes.
const IC_TILE: usize = 4;

/// The launch of this kernel; `input` and `output` are the shapes of the convolution. Without a residual any buffer stands in for it.
///
/// # Errors
/// More elements or workgroups than WebGPU has numbers for.
pub fn dispatch(spec: Conv2dSpec, input: Nchw, output: Nchw, residual: bool) -> Result<Dispatch, KernelError> {
    let params = ConvLaunch::in_f32(spec, input, output, residual).params(&SHADER)?;
    let tiles = spec.groups * spec.in_channels_per_group().div_ceil(IC_TILE);
    SHADER.dispatch(&[], params, SHADER.linear_grid(input.n * tiles * input.h * input.w))
}
