//! The kernel that a convolution is launched on.

#[cfg(not(target_arch = "wasm32"))]
use super::conv2d_subgroup;
use super::method::Method;
use super::tuning::{ConvClass, Tuning};
use super::{
    Constant, ConvLaunch, Dispatch, GpuDtype, KernelError, conv2d_direct, conv2d_grad_weight, conv2d_grouped,
    conv2d_implicit, conv2d_pointwise,
};
use crate::shape::{Conv2dSpec, Nchw};

/// The kernel that computes a convolution, with the sizes of its tile. Weights are packed for it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum ConvKernel {
    /// 1×1 in one group, operands in registers.
    Pointwise(conv2d_pointwise::Tile),
    /// 1×1 and 3×3, weights shared in subgroups.
    #[cfg(not(target_arch = "wasm32"))]
    Subgroup,
    /// 3×3 in any number of groups, and the 7×7 stem, operands in registers.
    Grouped(conv2d_grouped::Tile),
    /// 1×1 and 3×3 in any number of groups, operands in workgroup memory.
    Implicit(conv2d_implicit::Tile),
    /// Any kernel size, stride, padding and grouping.
    Direct,
}

/// How weights lie in memory, which the kernel's tile decides.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Packing {
    /// Output channels that lie together.
    tile: usize,
    /// Rows of the product are filled up to a multiple of this.
    taps: usize,
}

impl ConvKernel {
    /// The kernel that `tuning` wants for a convolution from `input` to `output` with weights of type `dtype`.
    pub fn of(spec: Conv2dSpec, input: Nchw, output: Nchw, dtype: GpuDtype, tuning: &Tuning) -> Self {
        let Some(class) = ConvClass::of(spec, output) else { return Self::Direct };
        let method = tuning.method(class);
        match (method, class) {
            (Method::Workgroup32 | Method::Workgroup64 | Method::Split32, _) => {
                let product_f16 = dtype == GpuDtype::F16 && tuning.product_f16;
                Self::Implicit(conv2d_implicit::Tile::of(spec, input, method, product_f16))
            }
            #[cfg(not(target_arch = "wasm32"))]
            (Method::Subgroup, _) if !conv2d_pointwise::is_light(spec, output) => Self::Subgroup,
            (_, ConvClass::Pointwise | ConvClass::SmallPointwise) => {
                Self::Pointwise(conv2d_pointwise::Tile::of(spec, output, method))
            }
            (_, ConvClass::Grouped | ConvClass::SmallGrouped | ConvClass::Dense) => {
                Self::Grouped(conv2d_grouped::Tile::of(spec, output, method))
            }
        }
    }

    /// The launch of this kernel.
    ///
    /// # Errors
    /// More elements or workgroups than WebGPU has numbers for.
    pub fn dispatch(self, launch: ConvLaunch) -> Result<Dispatch, KernelError> {
        match self {
            Self::Pointwise(tile) => conv2d_pointwise::dispatch(launch, tile),
            #[cfg(not(target_arch = "wasm32"))]
            Self::Subgroup => conv2d_subgroup::dispatch(launch),
            Self::Grouped(tile) => conv2d_grouped::dispatch(launch, tile),
            Self::Implicit(tile) => conv2d_implicit::dispatch(launch, tile),
            Self::Direct => conv2d_direct::dispatch(launch),
        }
    }

    fn packing(self) -> Packing {
        let (tile, taps) = match self {
            Self::Pointwise(tile) => (tile.out_channels(), tile.k_step as usize),
            #[cfg(not(target_arch = "wasm32"))]
            Self::Subgroup => (conv2d_subgroup::OC_TILE, 1),
            Self::Grouped(tile) => (tile.out_channels(), 1),
            Self::Implicit(tile) => (tile.out_channels(), 1),
            Self::Direct => (conv2d_direct::OC_TILE, 1),
        };
        Packing { tile, taps }
    }

    /// OIHW weights as `[groups, tiles, in_channels_per_group * kernel_area, tile]`: what a thread that computes `tile`
    /// output channels reads one after the other. A last tile or row that is not full is filled up with zeros.
    pub fn pack(self, spec: Conv2dSpec, weight: &[f32]) -> Vec<f32> {
        let Packing { tile, .. } = self.packing();
        let per_group = spec.out_channels_per_group();
        let taps = spec.in_channels_per_group() * spec.kernel_size * spec.kernel_size;
        let (tiles, rows) = (per_group.div_ceil(tile), self.rows(spec));
        let mut packed = vec![0.0; self.packed_len(spec)];
        for (oc, row) in weight.chunks_exact(taps).enumerate() {
            let (group, in_group) = (oc / per_group, oc % per_group);
            let start = (group * tiles + in_group / tile) * rows * tile + in_group % tile;
            for (tap, &value) in row.iter().enumerate() {
                packed[start + tap * tile] = value;
            }
        }
        packed
    }

    /// Output channels that lie together after packing.
    pub(super) fn lanes(self) -> usize {
        self.packing().tile
    }

    /// Elements after packing.
    pub fn packed_len(self, spec: Conv2dSpec) -> usize {
        let Packing { tile, .. } = self.packing();
        spec.groups * spec.out_channels_per_group().next_multiple_of(tile) * self.rows(spec)
    }

    fn rows(self, spec: Conv2dSpec) -> usize {
        (spec.in_channels_per_group() * spec.kernel_size * spec.kernel_size).next_multiple_of(self.packing().taps)
    }

    /// Constants of a shader's tiles, for the list of all variants: one empty set where it has one tile.
    pub(super) fn tiles(shader: &str) -> Vec<Vec<(&'static str, Constant)>> {
        match shader {
            "conv2d_pointwise" => conv2d_pointwise::Tile::ALL.iter().map(|tile| tile.constants()).collect(),
            "conv2d_grouped" => conv2d_grouped::Tile::all().iter().map(|tile| tile.constants()).collect(),
            #[cfg(not(target_arch = "wasm32"))]
            "conv2d_subgroup" => conv2d_subgroup::all(),
            "conv2d_implicit" => conv2d_implicit::Tile::all(false).iter().map(|tile| tile.constants()).collect(),
            "conv2d_grad_weight" => conv2d_grad_weight::Tile::ALL.iter().map(|tile| tile.constants()).collect(),
            _ => vec![Vec::new()],
        }
    }
}
