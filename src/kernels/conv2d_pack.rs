//! Weights in the order in which a convolution's kernel reads them, packed on the GPU: in training they change with every step.

use super::table::conv2d_pack::{Params, SHADER};
use super::{ConvKernel, Dispatch, KernelError};
use crate::shape::Conv2dSpec;

/// The launch of this kernel for the weights of `spec` and the kernel that reads them, as [`ConvKernel::pack`] packs them. With
/// `turned` the weights come from the convolution whose input's gradient `spec` computes ([`Conv2dSpec::turned`]).
///
/// # Errors
/// More elements or workgroups than WebGPU has numbers for.
pub fn dispatch(spec: Conv2dSpec, kernel: ConvKernel, turned: bool) -> Result<Dispatch, KernelError> {
    let (elements, lanes) = (kernel.packed_len(spec), kernel.lanes());
    let tiles = spec.out_channels_per_group().div_ceil(lanes);
    let params = Params {
        elements: SHADER.u32(elements)?,
        lanes: SHADER.u32(lanes)?,
        rows: SHADER.u32(elements / (spec.groups * tiles * lanes))?,
        tiles: SHADER.u32(tiles)?,
        outputs: SHADER.u32(spec.out_channels_per_group())?,
        inputs: SHADER.u32(spec.in_channels_per_group())?,
        area: SHADER.u32(spec.kernel_size * spec.kernel_size)?,
        turned: turned.into(),
    };
    SHADER.dispatch(&[], params, SHADER.linear_grid(elements))
}
