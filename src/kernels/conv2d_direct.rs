//! Convolution of any kernel size, stride, padding and grouping.

use super::table::conv2d_direct::{Params, SHADER};
use super::{ConvLaunch, Dispatch, KernelError};

/// Output channels a thread computes.
pub const OC_TILE: usize = 4;
/// Pixels along a row a thread computes.
const PIXEL_TILE: usize = 4;

pub fn dispatch(launch: ConvLaunch) -> Result<Dispatch, KernelError> {
    let ConvLaunch { spec, input, output, epilogue, weight_dtype } = launch;
    SHADER.u32(input.len().max(output.len()))?;
    let params = Params {
        n: SHADER.u32(output.n)?,
        in_channels: SHADER.u32(spec.in_channels)?,
        out_channels: SHADER.u32(spec.out_channels)?,
        groups: SHADER.u32(spec.groups)?,
        in_h: SHADER.u32(input.h)?,
        in_w: SHADER.u32(input.w)?,
        out_h: SHADER.u32(output.h)?,
        out_w: SHADER.u32(output.w)?,
        kernel_size: SHADER.u32(spec.kernel_size)?,
        stride: SHADER.u32(spec.stride)?,
        padding: SHADER.u32(spec.padding)?,
        relu: epilogue.relu.into(),
        residual: epilogue.residual.into(),
    };
    let tiles = output.n * spec.groups * spec.out_channels_per_group().div_ceil(OC_TILE);
    let items = tiles * output.h * output.w.div_ceil(PIXEL_TILE);
    SHADER.dispatch(&[weight_dtype.constant()], params, SHADER.linear_grid(items))
}
