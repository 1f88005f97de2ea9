//! 1×1 and 3×3 convolution in large groups, whose threads share the weights they load, on devices with subgroups. No browser has it by
//! wgpu 30.

use super::table::conv2d_subgroup::SHADER;
use super::{Constant, ConvLaunch, Dispatch, KernelError};
use crate::shape::Conv2dSpec;

/// Threads that share weights: the smallest subgroup on which it is right.
pub(crate) const SHARED: u32 = 8;
/// Output channels per thread. It loads the weights of an eighth of them, and gets the others from its subgroup.
pub const OC_TILE: usize = 8 * SHARED as usize;
/// Pixels per thread.
const PIXELS: usize = 7;

/// Rows and columns of the windows there are.
const KERNEL_SIZES: [u32; 2] = [1, 3];

pub(super) fn constants(kernel_size: u32) -> Vec<(&'static str, Constant)> {
    vec![("KERNEL_SIZE", Constant::U32(kernel_size))]
}

/// The constants of every window.
pub(super) fn all() -> Vec<Vec<(&'static str, Constant)>> {
    KERNEL_SIZES.into_iter().map(constants).collect()
}

/// Whether this kernel computes such a convolution.
pub fn supports(spec: Conv2dSpec) -> bool {
    KERNEL_SIZES.contains(&(spec.kernel_size as u32)) && spec.padding == spec.kernel_size / 2
}

/// The launch of this kernel.
///
/// # Errors
/// More elements or workgroups than WebGPU has numbers for.
pub fn dispatch(launch: ConvLaunch) -> Result<Dispatch, KernelError> {
    let ConvLaunch { spec, output, .. } = launch;
    let rows = spec.out_channels_per_group().div_ceil(OC_TILE);
    let pixels = (output.n * output.h * output.w).div_ceil(SHARED as usize * PIXELS);
    launch.dispatch(&SHADER, constants(spec.kernel_size as u32), [rows, pixels, spec.groups])
}
