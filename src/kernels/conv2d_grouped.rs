//! 3×3 convolution with padding 1 in any number of groups, at stride 1 or 2; and the stem, 7×7 with padding 3 at stride 2.

use super::method::Method;
use super::table::conv2d_grouped::SHADER;
use super::{Constant, ConvLaunch, Dispatch, KernelError};
use crate::shape::{Conv2dSpec, Nchw};

/// What a thread computes, with which window.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Tile {
    /// Rows and columns of the window.
    pub kernel_size: u32,
    /// 1 or 2.
    pub stride: u32,
    /// Output channels per thread, in fours.
    pub oc_vectors: u32,
    /// Pixels of a row per thread.
    pub pixels: u32,
    /// Whether the rows of the window are unrolled too.
    pub unroll_rows: bool,
}

/// Input channels per group from which on a convolution is nearly dense.
pub(super) const DENSE_CHANNELS: usize = 40;
/// A layer of fewer multiply-adds counts as light: all of the bundled network's do, and none of ResNeXt-50's.
const LIGHT_MACS: u64 = 8_000_000;

impl Tile {
    /// Large tiles load least; small ones make more threads. A software adapter takes half a second to compile the largest, and twice
    /// as long with the rows of the window unrolled: only layers get them to which it matters.
    pub(super) fn of(spec: Conv2dSpec, output: Nchw, method: Method) -> Self {
        let (kernel_size, stride) = (spec.kernel_size as u32, spec.stride as u32);
        if method == Method::RegistersSmall {
            return Self::small(kernel_size, stride);
        }
        if kernel_size == 7 {
            return Self::STEM;
        }
        if spec.macs(output) <= LIGHT_MACS {
            return Self::light(stride);
        }
        let candidates = if spec.out_channels_per_group() <= 4 {
            vec![Self::large(stride, 1, 14)]
        } else if spec.in_channels_per_group() >= DENSE_CHANNELS {
            vec![Self::large(stride, 2, 14), Self::large(stride, 2, 8), Self::large(stride, 2, 7)]
        } else {
            vec![Self::large(stride, 2, 8), Self::large(stride, 2, 7)]
        };
        candidates.into_iter().min_by_key(|tile| tile.loads(output.w)).expect("there is a candidate")
    }

    const STEM: Self = Self { kernel_size: 7, stride: 2, oc_vectors: 2, pixels: 14, unroll_rows: false };

    fn small(kernel_size: u32, stride: u32) -> Self {
        Self { kernel_size, stride, oc_vectors: 1, pixels: 4, unroll_rows: kernel_size == 3 }
    }

    fn light(stride: u32) -> Self {
        Self { kernel_size: 3, stride, oc_vectors: 1, pixels: 8, unroll_rows: false }
    }

    /// Rows of images end at multiples of 14, 8 and 7 pixels: 56, 28, 14 and 7 in ImageNet networks, 32, 16 and 8 in CIFAR's.
    fn large(stride: u32, oc_vectors: u32, pixels: u32) -> Self {
        Self { kernel_size: 3, stride, oc_vectors, pixels, unroll_rows: true }
    }

    /// Values loaded per row of pixels, input channel and row of the window.
    fn loads(self, width: usize) -> usize {
        let runs = width.div_ceil(self.pixels as usize);
        let window = (self.pixels - 1) * self.stride + self.kernel_size;
        runs * (window + 4 * self.oc_vectors * self.kernel_size) as usize
    }

    /// Output channels per thread.
    pub fn out_channels(self) -> usize {
        4 * self.oc_vectors as usize
    }

    pub(super) fn constants(self) -> Vec<(&'static str, Constant)> {
        vec![
            ("KERNEL_SIZE", Constant::U32(self.kernel_size)),
            ("STRIDE", Constant::U32(self.stride)),
            ("OC_VECTORS", Constant::U32(self.oc_vectors)),
            ("PIXELS", Constant::U32(self.pixels)),
            ("UNROLL_ROWS", Constant::Bool(self.unroll_rows)),
        ]
    }

    /// Every tile that a convolution may get.
    pub fn all() -> Vec<Self> {
        let of_stride = |stride| {
            let large =
                [(1, 14), (2, 14), (2, 8), (2, 7)].map(|(oc_vectors, pixels)| Self::large(stride, oc_vectors, pixels));
            [Self::small(3, stride), Self::light(stride)].into_iter().chain(large)
        };
        [1, 2].into_iter().flat_map(of_stride).chain([Self::small(7, 2), Self::STEM]).collect()
    }
}

/// Whether this kernel computes such a convolution.
pub fn supports(spec: Conv2dSpec) -> bool {
    matches!((spec.kernel_size, spec.padding, spec.stride), (3, 1, 1 | 2) | (7, 3, 2))
}

/// The launch of this kernel with such a tile.
///
/// # Errors
/// More elements or workgroups than WebGPU has numbers for.
pub fn dispatch(launch: ConvLaunch, tile: Tile) -> Result<Dispatch, KernelError> {
    let ConvLaunch { spec, output, .. } = launch;
    // A workgroup never leaves its group.
    let runs = output.h * output.w.div_ceil(tile.pixels as usize);
    let items = spec.out_channels_per_group().div_ceil(tile.out_channels()) * runs;
    let threads = SHADER.workgroup_size[0] as usize;
    launch.dispatch(&SHADER, tile.constants(), [items.div_ceil(threads), 1, output.n * spec.groups])
}
