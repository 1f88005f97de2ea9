//! 1×1 convolution at any stride: a matrix product with an epilogue.

use super::table::conv2d_pointwise::{Params, SHADER};
use super::{Constant, ConvLaunch, Dispatch, KernelError, pack_tiles};
use crate::shape::Conv2dSpec;

/// Output channels and pixels a workgroup computes: 8 threads by 8, each 8 channels of 8 pixels.
const WORKGROUP_TILE: usize = 64;
/// Output channels a thread computes.
pub const OC_TILE: usize = 8;

/// Whether this kernel computes such a convolution.
pub fn supports(spec: Conv2dSpec) -> bool {
    spec.kernel_size == 1 && spec.padding == 0 && spec.groups == 1
}

pub fn dispatch(launch: ConvLaunch) -> Result<Dispatch, KernelError> {
    let ConvLaunch { spec, input, output, epilogue, weight_dtype } = launch;
    SHADER.u32(input.len().max(output.len()))?;
    let pixels = output.n * output.h * output.w;
    let params = Params {
        pixels: SHADER.u32(pixels)?,
        in_channels: SHADER.u32(spec.in_channels)?,
        out_channels: SHADER.u32(spec.out_channels)?,
        in_h: SHADER.u32(input.h)?,
        in_w: SHADER.u32(input.w)?,
        out_h: SHADER.u32(output.h)?,
        out_w: SHADER.u32(output.w)?,
        stride: SHADER.u32(spec.stride)?,
    };
    let constants = [
        ("RELU", Constant::Bool(epilogue.relu)),
        ("RESIDUAL", Constant::Bool(epilogue.residual)),
        weight_dtype.constant(),
    ];
    let count = [pixels.div_ceil(WORKGROUP_TILE), spec.out_channels.div_ceil(WORKGROUP_TILE), 1];
    SHADER.dispatch(&constants, params, count)
}

/// `[out_channels, in_channels, 1, 1]` to `[ceil(out_channels / 8), in_channels, 8]`.
pub fn pack_weight(spec: Conv2dSpec, weight: &[f32]) -> Vec<f32> {
    pack_tiles(spec, weight, OC_TILE)
}
