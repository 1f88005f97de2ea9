//! The gradient of a convolution's weight, of any kernel size, stride, padding and grouping.

use super::table::ConvGradParams;
use super::table::conv2d_grad_weight::SHADER;
use super::{Dispatch, KernelError, MAX_WORKGROUPS, Shader};
use crate::shape::{Conv2dSpec, Nchw};

/// Output channels, and taps, that a workgroup computes.
const TILE: usize = 8;

/// The launch of this kernel; `input` and `output` are the shapes of the convolution.
///
/// # Errors
/// More elements or workgroups than WebGPU has numbers for.
pub fn dispatch(spec: Conv2dSpec, input: Nchw, output: Nchw) -> Result<Dispatch, KernelError> {
    let params = params(&SHADER, spec, input, output, false)?;
    let taps = spec.in_channels_per_group() * spec.kernel_size * spec.kernel_size;
    let tiles = spec.groups * spec.out_channels_per_group().div_ceil(TILE) * taps.div_ceil(TILE);
    let rows = tiles.div_ceil(MAX_WORKGROUPS);
    SHADER.dispatch(&[], params, [tiles.div_ceil(rows), rows, 1])
}

/// The uniforms of both gradients of a convolution.
pub(super) fn params(
    shader: &Shader,
    spec: Conv2dSpec,
    input: Nchw,
    output: Nchw,
    residual: bool,
) -> Result<ConvGradParams, KernelError> {
    shader.u32(input.len().max(output.len()).max(spec.weight_len()))?;
    Ok(ConvGradParams {
        n: shader.u32(output.n)?,
        in_channels: shader.u32(spec.in_channels)?,
        out_channels: shader.u32(spec.out_channels)?,
        groups: shader.u32(spec.groups)?,
        in_h: shader.u32(input.h)?,
        in_w: shader.u32(input.w)?,
        out_h: shader.u32(output.h)?,
        out_w: shader.u32(output.w)?,
        kernel_size: shader.u32(spec.kernel_size)?,
        stride: shader.u32(spec.stride)?,
        padding: shader.u32(spec.padding)?,
        residual: u32::from(residual),
    })
}
