//! 1×1 convolution at any stride, and linear layers: a matrix product from registers, with an epilogue.

use super::method::Method;
use super::table::conv2d_pointwise::SHADER;
use super::{Constant, ConvLaunch, Dispatch, KernelError};
use crate::shape::{Conv2dSpec, Nchw};

/// What a thread computes, and how threads form a workgroup.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Tile {
    /// Output channels per thread, in fours.
    pub oc_vectors: u32,
    /// Pixels per thread.
    pub pixels: u32,
    /// Input channels per turn of the loop.
    pub k_step: u32,
    /// Threads of a workgroup along the pixels.
    pub lanes: u32,
    /// Threads of a workgroup along the output channels.
    pub tiles: u32,
}

/// A layer of fewer multiply-adds counts as light: all of the bundled network's do, and none of ResNeXt-50's.
const LIGHT_MACS: u64 = 20_000_000;

impl Tile {
    /// 32 channels × 25 pixels: SwiftShader takes 140 instructions for a load and four for a multiply-add, and ten for each sum per turn
    /// of the loop. Of 49, 196 and more pixels, the maps of ImageNet networks, 25 leave 2 % empty. The four threads of a
    /// workgroup, which SwiftShader computes at once, read the same pixels.
    pub const LARGE: Self = Self { oc_vectors: 8, pixels: 25, k_step: 6, lanes: 1, tiles: 4 };
    /// 16 channels × 7 pixels. Eight lanes make 56 pixels, which divides the images of 56 × 56 and 28 × 28, and leaves little of a tile
    /// empty in smaller ones. Where each variable is a wide vector, a second channel per turn only makes the code larger.
    pub const MEDIUM: Self = Self { oc_vectors: 4, pixels: 7, k_step: 1, lanes: 8, tiles: 8 };
    /// 8 channels × 8 pixels.
    pub const SMALL: Self = Self { oc_vectors: 2, pixels: 8, k_step: 2, lanes: 8, tiles: 8 };
    /// One pixel per image: linear layers.
    pub const LINEAR: Self = Self { oc_vectors: 1, pixels: 1, k_step: 2, lanes: 1, tiles: 64 };
    /// Every tile there is.
    pub const ALL: [Self; 4] = [Self::LARGE, Self::MEDIUM, Self::SMALL, Self::LINEAR];

    /// The large tile takes SwiftShader half a second longer to compile, and the medium one lavapipe 0.7 s, which light layers do not give
    /// back.
    pub(super) fn of(spec: Conv2dSpec, output: Nchw, method: Method) -> Self {
        match method {
            _ if is_light(spec, output) => Self::SMALL,
            Method::RegistersLarge => Self::LARGE,
            Method::RegistersMedium => Self::MEDIUM,
            _ => Self::SMALL,
        }
    }

    /// Output channels per thread.
    pub fn out_channels(self) -> usize {
        4 * self.oc_vectors as usize
    }

    pub(super) fn constants(self) -> Vec<(&'static str, Constant)> {
        vec![
            ("OC_VECTORS", Constant::U32(self.oc_vectors)),
            ("PIXELS", Constant::U32(self.pixels)),
            ("K_STEP", Constant::U32(self.k_step)),
            ("LANES", Constant::U32(self.lanes)),
            ("TILES", Constant::U32(self.tiles)),
        ]
    }
}

/// Whether a layer is too light to give back what compiling a large tile takes.
pub(super) fn is_light(spec: Conv2dSpec, output: Nchw) -> bool {
    spec.macs(output) <= LIGHT_MACS
}

/// Whether this kernel computes such a convolution.
pub fn supports(spec: Conv2dSpec) -> bool {
    spec.kernel_size == 1 && spec.padding == 0 && spec.groups == 1
}

/// The launch of this kernel with such a tile.
///
/// # Errors
/// More elements or workgroups than WebGPU has numbers for.
pub fn dispatch(launch: ConvLaunch, tile: Tile) -> Result<Dispatch, KernelError> {
    let ConvLaunch { spec, output, .. } = launch;
    let columns = (tile.lanes * tile.pixels) as usize;
    let rows = tile.tiles as usize * tile.out_channels();
    let pixels = output.n * output.h * output.w;
    launch.dispatch(&SHADER, tile.constants(), [spec.out_channels.div_ceil(rows), pixels.div_ceil(columns), 1])
}
