//! The gradient of a convolution's weight, of any kernel size, stride, padding and grouping.

use super::table::conv2d_grad_weight::SHADER;
use super::{ConvLaunch, Dispatch, KernelError, MAX_WORKGROUPS};
use crate::shape::{Conv2dSpec, Nchw};

/// Output channels, and taps, that a workgroup computes.
const TILE: usize = 8;

/// The launch of this kernel; `input` and `output` are the shapes of the convolution.
///
/// # Errors
/// More elements or workgroups than WebGPU has numbers for.
pub fn dispatch(spec: Conv2dSpec, input: Nchw, output: Nchw) -> Result<Dispatch, KernelError> {
    let params = ConvLaunch::in_f32(spec, input, output, false).params(&SHADER)?;
    let taps = spec.in_channels_per_group() * spec.kernel_size * spec.kernel_size;
    let tiles = spec.groups * spec.out_channels_per_group().div_ceil(TILE) * taps.div_ceil(TILE);
    let rows = tiles.div_ceil(MAX_WORKGROUPS);
    SHADER.dispatch(&[], params, [tiles.div_ceil(rows), rows, 1])
}
