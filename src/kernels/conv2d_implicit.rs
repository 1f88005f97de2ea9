//! 1×1 and 3×3 convolution as a matrix product whose operands pass through workgroup memory.

use super::method::Method;
use super::table::conv2d_implicit::SHADER;
use super::{Constant, ConvLaunch, Dispatch, KernelError};
use crate::shape::{Conv2dSpec, Nchw};

/// What a thread computes, with which window; a workgroup has 8 × 8 threads per slice of the sum.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Tile {
    /// Rows and columns of the window.
    pub kernel_size: u32,
    /// Output channels per thread, and pixels, in fours.
    pub vectors: u32,
    /// Parts of a sum that are computed at the same time.
    pub slices: u32,
    /// Whether four neighbouring pixels are loaded at once.
    pub by_four: bool,
    /// Whether products are f16, which needs the device's feature `shader-f16`.
    pub product_f16: bool,
}

/// Threads of a slice along either axis.
const SIDE: usize = 8;
/// With more, a workgroup would have more than the 256 threads that every device allows.
const SLICES: u32 = 4;

impl Tile {
    /// The tile of a method that uses workgroup memory.
    pub fn of(spec: Conv2dSpec, input: Nchw, method: Method, product_f16: bool) -> Self {
        let (vectors, slices) = match method {
            Method::Workgroup64 => (2, 1),
            Method::Split32 => (1, SLICES),
            _ => (1, 1),
        };
        Self {
            kernel_size: spec.kernel_size as u32,
            vectors,
            slices,
            by_four: spec.kernel_size == 1 && spec.stride == 1 && (input.h * input.w).is_multiple_of(4),
            product_f16,
        }
    }

    /// Output channels per workgroup; as many pixels.
    pub fn out_channels(self) -> usize {
        4 * SIDE * self.vectors as usize
    }

    pub(super) fn constants(self) -> Vec<(&'static str, Constant)> {
        let mut constants = vec![
            ("KERNEL_SIZE", Constant::U32(self.kernel_size)),
            ("OC_VECTORS", Constant::U32(self.vectors)),
            ("PIXEL_VECTORS", Constant::U32(self.vectors)),
            ("BY_FOUR", Constant::Bool(self.by_four)),
            ("PRODUCT_F16", Constant::Bool(self.product_f16)),
        ];
        if self.slices > 1 {
            // A smaller part of the sum at a time, so that all slices fit the 16 KiB of workgroup memory that every device has.
            constants.extend([("SLICES", Constant::U32(self.slices)), ("K_TILE", Constant::U32(8))]);
        }
        constants
    }

    /// Every tile that a convolution may get on a device with `shader-f16`, or on one without.
    pub fn all(product_f16: bool) -> Vec<Self> {
        let windows = [(1, true), (1, false), (3, false)];
        let sizes = [(1, 1), (2, 1), (1, SLICES)];
        let tile =
            |(kernel_size, by_four), (vectors, slices)| Self { kernel_size, vectors, slices, by_four, product_f16 };
        windows.iter().flat_map(|&window| sizes.map(|size| tile(window, size))).collect()
    }
}

/// Whether this kernel computes such a convolution.
pub fn supports(spec: Conv2dSpec) -> bool {
    matches!(spec.kernel_size, 1 | 3)
}

/// The launch of this kernel with such a tile.
///
/// # Errors
/// More elements or workgroups than WebGPU has numbers for.
pub fn dispatch(launch: ConvLaunch, tile: Tile) -> Result<Dispatch, KernelError> {
    let ConvLaunch { spec, output, .. } = launch;
    let pixels = (output.n * output.h * output.w).div_ceil(tile.out_channels());
    let rows = spec.out_channels_per_group().div_ceil(tile.out_channels());
    launch.dispatch(&SHADER, tile.constants(), [pixels, rows, spec.groups])
}
