//! 3×3 convolution with padding 1 in any number of groups, and 7×7 with padding 3, the stem; at stride 1 or 2.

use super::method::Method;
use super::table::conv2d_grouped::{Params, SHADER};
use super::{Constant, ConvLaunch, Dispatch, KernelError};
use crate::shape::{Conv2dSpec, Nchw};

/// What a thread computes of which window.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Tile {
    pub kernel: u32,
    pub stride: u32,
    /// Output channels a thread, in fours.
    pub oc_vectors: u32,
    /// Pixels along a row a thread.
    pub pixels: u32,
    /// Rows of the window a turn of the loop.
    pub kernel_rows: u32,
    /// Input channels per group where the shader is compiled for them, 0 where it takes any.
    pub group_channels: u32,
}

/// Input channels per group that `narrow` has shaders of its own for: those of ResNeXt-50 32×4d. `wide`, with which software
/// adapters begin, takes any: each would take them a tenth of a second to compile, and give back a twentieth of ten milliseconds.
const GROUP_CHANNELS: [u32; 4] = [4, 8, 16, 32];

/// Input channels per group from which on a convolution is nearly dense.
pub(super) const DENSE_CHANNELS: usize = 40;
/// A layer of fewer multiply-adds is small: all of the shipped network's are, and none of ResNeXt-50's.
const LIGHT_MACS: usize = 8_000_000;
/// Rows of pictures end at multiples of these: 56, 28, 14 and 7 of an ImageNet network, 32, 16 and 8 of CIFAR's.
const PIXELS: [u32; 3] = [14, 8, 7];

impl Tile {
    /// Large tiles load least; small ones make more threads. On a software adapter the largest takes half a second to compile, and
    /// all rows of a window at once take twice as long as one: only layers get them to which it matters.
    pub(super) fn of(spec: Conv2dSpec, output: Nchw, method: Method) -> Self {
        let (kernel, stride) = (spec.kernel_size as u32, spec.stride as u32);
        if method == Method::Narrow {
            let group_channels = spec.in_channels_per_group() as u32;
            let known = kernel == 3 && GROUP_CHANNELS.contains(&group_channels);
            return Self::narrow(kernel, stride, if known { group_channels } else { 0 });
        }
        let macs = output.len() * spec.in_channels_per_group() * spec.kernel_size * spec.kernel_size;
        let light = macs <= LIGHT_MACS;
        let kernel_rows = if kernel == 7 || light { 1 } else { 3 };
        let oc_vectors = if light || spec.out_channels_per_group() <= 4 { 1 } else { 2 };
        let heavy = oc_vectors == 1 || spec.in_channels_per_group() >= DENSE_CHANNELS;
        let tiles = PIXELS.map(|pixels| Self { kernel, stride, oc_vectors, pixels, kernel_rows, group_channels: 0 });
        let candidates = if kernel == 7 || heavy && !light { &tiles[..] } else { &tiles[1..] };
        *candidates.iter().min_by_key(|tile| tile.loads(output.w)).unwrap_or(&tiles[0])
    }

    fn narrow(kernel: u32, stride: u32, group_channels: u32) -> Self {
        Self { kernel, stride, oc_vectors: 1, pixels: 4, kernel_rows: 1, group_channels }
    }

    /// Values loaded for a row of pixels, an input channel and a row of the window.
    fn loads(self, width: usize) -> usize {
        let runs = width.div_ceil(self.pixels as usize);
        let window = (self.pixels - 1) * self.stride + self.kernel;
        runs * (window + 4 * self.oc_vectors * self.kernel) as usize
    }

    /// Output channels a thread.
    pub fn out_channels(self) -> usize {
        4 * self.oc_vectors as usize
    }

    pub(super) fn constants(self) -> Vec<(&'static str, Constant)> {
        let mut constants = vec![
            ("KERNEL", Constant::U32(self.kernel)),
            ("KERNEL_ROWS", Constant::U32(self.kernel_rows)),
            ("STRIDE", Constant::U32(self.stride)),
            ("OC_VECTORS", Constant::U32(self.oc_vectors)),
            ("PIXELS", Constant::U32(self.pixels)),
        ];
        if self.group_channels > 0 {
            constants.push(("GROUP_CHANNELS", Constant::U32(self.group_channels)));
        }
        constants
    }

    /// Every tile that [`Tile::of`] may choose.
    pub fn all() -> Vec<Self> {
        let mut all = Vec::new();
        for (kernel, stride) in [(3, 1), (3, 2), (7, 1), (7, 2)] {
            let tile = |oc_vectors, pixels, kernel_rows| Self {
                oc_vectors,
                pixels,
                kernel_rows,
                ..Self::narrow(kernel, stride, 0)
            };
            all.push(tile(1, 4, 1));
            if kernel == 3 {
                all.extend(GROUP_CHANNELS.map(|group_channels| Self::narrow(kernel, stride, group_channels)));
            }
            for (oc_vectors, pixels) in [(1, 7), (1, 8), (1, 14), (2, 7), (2, 8), (2, 14)] {
                all.push(tile(oc_vectors, pixels, 1));
                if kernel == 3 {
                    all.push(tile(oc_vectors, pixels, 3));
                }
            }
        }
        all
    }
}

/// Whether this kernel computes such a convolution.
pub fn supports(spec: Conv2dSpec) -> bool {
    matches!((spec.kernel_size, spec.padding), (3, 1) | (7, 3)) && matches!(spec.stride, 1 | 2)
}

pub fn dispatch(launch: ConvLaunch, tile: Tile) -> Result<Dispatch, KernelError> {
    let ConvLaunch { spec, input, output, epilogue, weight_dtype } = launch;
    debug_assert!([0, spec.in_channels_per_group()].contains(&(tile.group_channels as usize)), "{tile:?} for {spec:?}");
    SHADER.u32(input.len().max(output.len()))?;
    let params = Params {
        in_channels: SHADER.u32(spec.in_channels)?,
        out_channels: SHADER.u32(spec.out_channels)?,
        groups: SHADER.u32(spec.groups)?,
        in_h: SHADER.u32(input.h)?,
        in_w: SHADER.u32(input.w)?,
        out_h: SHADER.u32(output.h)?,
        out_w: SHADER.u32(output.w)?,
        relu: epilogue.relu.into(),
        residual: epilogue.residual.into(),
    };
    let mut constants = tile.constants();
    constants.push(weight_dtype.constant());
    // A workgroup never leaves its group.
    let runs = output.h * output.w.div_ceil(tile.pixels as usize);
    let items = spec.out_channels_per_group().div_ceil(tile.out_channels()) * runs;
    let threads = SHADER.workgroup_size[0] as usize;
    SHADER.dispatch(&constants, params, [items.div_ceil(threads), 1, output.n * spec.groups])
}
