//! The gradient of a max-pool's input.

use super::table::max_pool_grad_input::{Params, SHADER};
use super::{Dispatch, KernelError};
use crate::shape::{Nchw, PoolSpec};

/// The launch of this kernel; `input` and `output` are the shapes of the pool.
///
/// # Errors
/// More elements or workgroups than WebGPU has numbers for.
pub fn dispatch(pool: PoolSpec, input: Nchw, output: Nchw) -> Result<Dispatch, KernelError> {
    SHADER.u32(input.len().max(output.len()))?;
    let params = Params {
        planes: SHADER.u32(input.n * input.c)?,
        in_h: SHADER.u32(input.h)?,
        in_w: SHADER.u32(input.w)?,
        out_h: SHADER.u32(output.h)?,
        out_w: SHADER.u32(output.w)?,
        kernel_size: SHADER.u32(pool.kernel_size)?,
        stride: SHADER.u32(pool.stride)?,
        padding: SHADER.u32(pool.padding)?,
    };
    SHADER.dispatch(&[], params, SHADER.linear_grid(input.len()))
}
