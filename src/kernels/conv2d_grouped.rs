//! 3×3 convolution with padding 1 in any number of groups, at stride 1 or 2.

use super::table::conv2d_grouped::{Params, SHADER};
use super::{Constant, ConvLaunch, Dispatch, KernelError, pack_tiles};
use crate::shape::Conv2dSpec;

/// Output channels a thread computes.
pub const OC_TILE: usize = 4;
/// Pixels along a row a thread computes.
const PIXEL_TILE: usize = 8;

/// Whether this kernel computes such a convolution.
pub fn supports(spec: Conv2dSpec) -> bool {
    spec.kernel_size == 3 && spec.padding == 1 && matches!(spec.stride, 1 | 2)
}

pub fn dispatch(launch: ConvLaunch) -> Result<Dispatch, KernelError> {
    let ConvLaunch { spec, input, output, epilogue, weight_dtype } = launch;
    SHADER.u32(input.len().max(output.len()))?;
    let params = Params {
        in_channels: SHADER.u32(spec.in_channels)?,
        out_channels: SHADER.u32(spec.out_channels)?,
        groups: SHADER.u32(spec.groups)?,
        in_h: SHADER.u32(input.h)?,
        in_w: SHADER.u32(input.w)?,
        out_h: SHADER.u32(output.h)?,
        out_w: SHADER.u32(output.w)?,
    };
    let constants = [
        ("STRIDE", Constant::U32(SHADER.u32(spec.stride)?)),
        ("RELU", Constant::Bool(epilogue.relu)),
        ("RESIDUAL", Constant::Bool(epilogue.residual)),
        weight_dtype.constant(),
    ];
    // A thread takes 4 channels of 8 pixels of a row; a workgroup never leaves its group.
    let items = spec.out_channels_per_group().div_ceil(OC_TILE) * output.h * output.w.div_ceil(PIXEL_TILE);
    let threads = SHADER.workgroup_size[0] as usize;
    SHADER.dispatch(&constants, params, [items.div_ceil(threads), 1, output.n * spec.groups])
}

/// `[out_channels, in_channels / groups, 3, 3]` to
/// `[groups, ceil(out_channels_per_group / 4), in_channels_per_group, 3, 3, 4]`.
pub fn pack_weight(spec: Conv2dSpec, weight: &[f32]) -> Vec<f32> {
    pack_tiles(spec, weight, OC_TILE)
}
