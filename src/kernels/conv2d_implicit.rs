//! 1×1, 3×3 and 7×7 convolution as a matrix product whose operands pass through workgroup memory.

use super::method::Method;
use super::table::conv2d_implicit::{Params, SHADER};
use super::{Constant, ConvLaunch, Dispatch, KernelError};
use crate::shape::{Conv2dSpec, Nchw};

/// What a thread computes of which window; a workgroup is 8 × 8 threads for each slice of the sum.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Tile {
    pub kernel: u32,
    /// Output channels a thread, and pixels, in fours.
    pub oc_vectors: u32,
    pub pixel_vectors: u32,
    /// Parts of a sum that are computed at the same time.
    pub slices: u32,
    /// Whether four neighbouring pixels are loaded at once.
    pub input_vectors: bool,
    /// Whether products are f16, which needs the device's feature `shader-f16`.
    pub product_f16: bool,
}

/// Threads along either axis of a slice.
const SIDE: usize = 8;
/// With more, a workgroup would have more than the 256 threads that every device allows.
const SLICES: u32 = 4;

impl Tile {
    pub fn of(spec: Conv2dSpec, input: Nchw, method: Method, product_f16: bool) -> Self {
        let (vectors, slices) = match method {
            Method::Workgroup64 => (2, 1),
            Method::Split32 => (1, SLICES),
            Method::Workgroup32 | Method::Wide | Method::Narrow => (1, 1),
        };
        Self {
            kernel: spec.kernel_size as u32,
            oc_vectors: vectors,
            pixel_vectors: vectors,
            slices,
            input_vectors: spec.kernel_size == 1 && spec.stride == 1 && (input.h * input.w).is_multiple_of(4),
            product_f16,
        }
    }

    /// Output channels a workgroup.
    pub fn out_channels(self) -> usize {
        4 * SIDE * self.oc_vectors as usize
    }

    /// Pixels a workgroup.
    pub fn pixels(self) -> usize {
        4 * SIDE * self.pixel_vectors as usize
    }

    pub(super) fn constants(self) -> Vec<(&'static str, Constant)> {
        let mut constants = vec![
            ("KERNEL", Constant::U32(self.kernel)),
            ("OC_VECTORS", Constant::U32(self.oc_vectors)),
            ("PIXEL_VECTORS", Constant::U32(self.pixel_vectors)),
            ("INPUT_VECTORS", Constant::Bool(self.input_vectors)),
            ("PRODUCT_F16", Constant::Bool(self.product_f16)),
        ];
        if self.slices > 1 {
            // Of the sum so much at a time that all slices fit the 16 KiB of workgroup memory that every device has.
            constants.extend([("SLICES", Constant::U32(self.slices)), ("K_TILE", Constant::U32(8))]);
        }
        constants
    }

    /// Every tile that [`Tile::of`] may choose for a device with `shader-f16`, or for one without.
    pub fn all(product_f16: bool) -> Vec<Self> {
        let kinds = [(1, true), (1, false), (3, false), (7, false)];
        let shapes = [(1, 1), (2, 1), (1, SLICES)];
        let tile = |(kernel, input_vectors), (vectors, slices)| Self {
            kernel,
            oc_vectors: vectors,
            pixel_vectors: vectors,
            slices,
            input_vectors,
            product_f16,
        };
        kinds.iter().flat_map(|&kind| shapes.map(|shape| tile(kind, shape))).collect()
    }
}

pub fn dispatch(launch: ConvLaunch, tile: Tile) -> Result<Dispatch, KernelError> {
    let ConvLaunch { spec, input, output, epilogue, weight_dtype } = launch;
    SHADER.u32(input.len().max(output.len()))?;
    let pixels = output.n * output.h * output.w;
    let params = Params {
        pixels: SHADER.u32(pixels)?,
        in_channels: SHADER.u32(spec.in_channels)?,
        out_channels: SHADER.u32(spec.out_channels)?,
        groups: SHADER.u32(spec.groups)?,
        in_h: SHADER.u32(input.h)?,
        in_w: SHADER.u32(input.w)?,
        out_h: SHADER.u32(output.h)?,
        out_w: SHADER.u32(output.w)?,
        stride: SHADER.u32(spec.stride)?,
        relu: epilogue.relu.into(),
        residual: epilogue.residual.into(),
    };
    let mut constants = tile.constants();
    constants.push(weight_dtype.constant());
    let rows = spec.out_channels_per_group().div_ceil(tile.out_channels());
    SHADER.dispatch(&constants, params, [pixels.div_ceil(tile.pixels()), rows, spec.groups])
}
