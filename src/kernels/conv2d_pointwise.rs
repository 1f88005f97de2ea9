//! 1×1 convolution at any stride, and linear layers: a matrix product from registers, with an epilogue.

use super::method::Method;
use super::table::conv2d_pointwise::{Params, SHADER};
use super::{Constant, ConvLaunch, Dispatch, KernelError};
use crate::shape::{Conv2dSpec, Nchw};

/// What a thread computes, and how threads form a workgroup.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Tile {
    /// Output channels a thread, in fours.
    pub row_vectors: u32,
    /// Pixels a thread.
    pub columns: u32,
    /// Input channels a turn of the loop.
    pub k_step: u32,
    /// Threads beside each other along the pixels, and along the output channels.
    pub lanes: u32,
    pub tiles: u32,
}

/// A layer of fewer multiply-adds is small: all of the shipped network's are, and none of ResNeXt-50's.
const LIGHT_MACS: usize = 20_000_000;

impl Tile {
    /// 16 channels × 14 pixels. Two lanes make 28 pixels, which the pictures of an ImageNet network divide into.
    pub const WIDE: Self = Self { row_vectors: 4, columns: 14, k_step: 2, lanes: 2, tiles: 16 };
    /// 8 × 8.
    pub const NARROW: Self = Self { row_vectors: 2, columns: 8, k_step: 2, lanes: 8, tiles: 8 };
    /// A pixel a picture: linear layers.
    pub const LINEAR: Self = Self { row_vectors: 1, columns: 1, k_step: 2, lanes: 1, tiles: 64 };
    pub const ALL: [Self; 3] = [Self::WIDE, Self::NARROW, Self::LINEAR];

    /// The large tile takes a tenth of a second longer to compile on a software adapter, which small layers do not give back.
    pub(super) fn of(spec: Conv2dSpec, output: Nchw, method: Method) -> Self {
        let macs = output.len() * spec.in_channels;
        if method == Method::Wide && macs > LIGHT_MACS { Self::WIDE } else { Self::NARROW }
    }

    /// Output channels a thread.
    pub fn rows(self) -> usize {
        4 * self.row_vectors as usize
    }

    pub(super) fn constants(self) -> [(&'static str, Constant); 5] {
        [
            ("ROW_VECTORS", Constant::U32(self.row_vectors)),
            ("COLUMNS", Constant::U32(self.columns)),
            ("K_STEP", Constant::U32(self.k_step)),
            ("LANES", Constant::U32(self.lanes)),
            ("TILES", Constant::U32(self.tiles)),
        ]
    }
}

/// Whether this kernel computes such a convolution.
pub fn supports(spec: Conv2dSpec) -> bool {
    spec.kernel_size == 1 && spec.padding == 0 && spec.groups == 1
}

pub fn dispatch(launch: ConvLaunch, tile: Tile) -> Result<Dispatch, KernelError> {
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
        relu: epilogue.relu.into(),
        residual: epilogue.residual.into(),
    };
    let mut constants = tile.constants().to_vec();
    constants.push(weight_dtype.constant());
    let columns = (tile.lanes * tile.columns) as usize;
    let rows = tile.tiles as usize * tile.rows();
    SHADER.dispatch(&constants, params, [pixels.div_ceil(columns), spec.out_channels.div_ceil(rows), 1])
}
