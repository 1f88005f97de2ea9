//! The gradient of a convolution's weight, of any kernel size, stride, padding and grouping.

use super::table::conv2d_grad_weight::SHADER;
use super::{Constant, ConvClass, ConvLaunch, Dispatch, KernelError, MAX_WORKGROUPS, Tuning};
use crate::shape::{Conv2dSpec, Nchw};

/// What a workgroup computes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Tile {
    /// Output channels.
    pub out_channels: u32,
    /// Taps, in fours.
    pub tap_vectors: u32,
    /// Threads that divide the pixels among them.
    pub threads: u32,
    /// Whether it is for 1×1 kernels without padding.
    pub pointwise: bool,
    /// Whether it is for any stride, not 1 alone; of those for 1×1 kernels.
    pub strided: bool,
}

impl Tile {
    /// 8 channels × 8 taps of any convolution.
    pub const SMALL: Self = Self { out_channels: 8, tap_vectors: 2, threads: 64, pointwise: false, strided: true };
    /// 16 channels × 16 input channels of a 1×1 convolution of stride 1: the fewest loads. Software adapters.
    pub const LARGE: Self = Self { out_channels: 16, tap_vectors: 4, threads: 16, pointwise: true, strided: false };
    /// The same at any stride.
    pub const LARGE_STRIDED: Self = Self { strided: true, ..Self::LARGE };
    /// Every tile there is.
    pub const ALL: [Self; 3] = [Self::SMALL, Self::LARGE, Self::LARGE_STRIDED];

    /// A large tile for a 1×1 convolution where no class of convolutions is computed from workgroup memory, as on software adapters:
    /// it has few threads, which a GPU could not fill itself with.
    pub fn of(spec: Conv2dSpec, tuning: &Tuning) -> Self {
        let in_registers = ConvClass::ALL.into_iter().all(|class| tuning.method(class).in_registers());
        let is_wide =
            spec.in_channels_per_group().min(spec.out_channels_per_group()) > Self::SMALL.out_channels as usize;
        match (Self::LARGE_STRIDED.supports(spec) && in_registers && is_wide, spec.stride) {
            (false, _) => Self::SMALL,
            (true, 1) => Self::LARGE,
            (true, _) => Self::LARGE_STRIDED,
        }
    }

    /// Whether it computes such a convolution's gradient.
    pub fn supports(self, spec: Conv2dSpec) -> bool {
        let is_pointwise = spec.kernel_size == 1 && spec.padding == 0;
        !self.pointwise || is_pointwise && (self.strided || spec.stride == 1)
    }

    pub(super) fn constants(self) -> Vec<(&'static str, Constant)> {
        vec![
            ("OC_TILE", Constant::U32(self.out_channels)),
            ("TAP_VECTORS", Constant::U32(self.tap_vectors)),
            ("THREADS", Constant::U32(self.threads)),
            ("POINTWISE", Constant::Bool(self.pointwise)),
            ("STRIDED", Constant::Bool(self.strided)),
        ]
    }
}

/// The launch of this kernel with such a tile; `input` and `output` are the shapes of the convolution.
///
/// # Errors
/// More elements or workgroups than WebGPU has numbers for.
pub fn dispatch(spec: Conv2dSpec, input: Nchw, output: Nchw, tile: Tile) -> Result<Dispatch, KernelError> {
    let params = ConvLaunch::in_f32(spec, input, output, false).params(&SHADER)?;
    let taps = spec.in_channels_per_group() * spec.kernel_size * spec.kernel_size;
    let oc_tiles = spec.out_channels_per_group().div_ceil(tile.out_channels as usize);
    let tiles = spec.groups * oc_tiles * taps.div_ceil(4 * tile.tap_vectors as usize);
    let rows = tiles.div_ceil(MAX_WORKGROUPS);
    SHADER.dispatch(&tile.constants(), params, [tiles.div_ceil(rows), rows, 1])
}
