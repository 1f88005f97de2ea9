//! The gradients of a 1×1 convolution with a stride, put into the places of the pixels that it saw.

use super::table::conv2d_scatter::{Params, SHADER};
use super::{Dispatch, KernelError};
use crate::shape::Nchw;

/// The launch of this kernel: from gradients of the size of the convolution's output, `from`, to its input, `to`. Without a residual
/// any buffer stands in for it.
///
/// # Errors
/// More elements or workgroups than WebGPU has numbers for.
pub fn dispatch(from: Nchw, to: Nchw, stride: usize, residual: bool) -> Result<Dispatch, KernelError> {
    SHADER.u32(to.len())?;
    let params = Params {
        elements: SHADER.u32(from.len())?,
        in_h: SHADER.u32(to.h)?,
        in_w: SHADER.u32(to.w)?,
        out_h: SHADER.u32(from.h)?,
        out_w: SHADER.u32(from.w)?,
        stride: SHADER.u32(stride)?,
        residual: residual.into(),
    };
    SHADER.dispatch(&[], params, SHADER.linear_grid(from.len()))
}
