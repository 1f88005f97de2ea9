//! Convolution of any kernel size, stride, padding and grouping.

use super::table::conv2d_direct::SHADER;
use super::{ConvLaunch, Dispatch, KernelError};

/// Output channels that a thread computes.
pub const OC_TILE: usize = 4;
/// Pixels of a row that a thread computes.
const PIXELS: usize = 4;

/// The launch of this kernel.
///
/// # Errors
/// More elements or workgroups than WebGPU has numbers for.
pub fn dispatch(launch: ConvLaunch) -> Result<Dispatch, KernelError> {
    let ConvLaunch { spec, output, .. } = launch;
    let tiles = output.n * spec.groups * spec.out_channels_per_group().div_ceil(OC_TILE);
    let items = tiles * output.h * output.w.div_ceil(PIXELS);
    launch.dispatch(&SHADER, Vec::new(), SHADER.linear_grid(items))
}
