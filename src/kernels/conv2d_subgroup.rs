//! 1×1 convolution at any stride whose threads share the weights they load, on devices with subgroups. No browser has it by wgpu 30.

use super::table::conv2d_subgroup::SHADER;
use super::{ConvLaunch, Dispatch, KernelError};

/// Threads that share weights: the smallest subgroup on which it is right.
pub(crate) const SHARED: u32 = 8;
/// Output channels per thread.
pub const OC_TILE: usize = 4 * SHARED as usize;
/// Pixels per thread.
const PIXELS: usize = 7;

/// The launch of this kernel, for the convolutions that [`conv2d_pointwise`](super::conv2d_pointwise) computes.
///
/// # Errors
/// More elements or workgroups than WebGPU has numbers for.
pub fn dispatch(launch: ConvLaunch) -> Result<Dispatch, KernelError> {
    let ConvLaunch { spec, output, .. } = launch;
    let pixels = output.n * output.h * output.w;
    let columns = SHARED as usize * PIXELS;
    launch.dispatch(&SHADER, vec![], [pixels.div_ceil(columns), spec.out_channels.div_ceil(OC_TILE), 1])
}
