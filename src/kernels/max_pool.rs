//! Max-pool; padding counts as minus infinity.

use super::table::PoolParams;
use super::table::max_pool::SHADER;
use super::{Dispatch, KernelError, Shader};
use crate::shape::{Nchw, PoolSpec};

/// The launch of this kernel.
///
/// # Errors
/// More elements or workgroups than WebGPU has numbers for.
pub fn dispatch(pool: PoolSpec, input: Nchw, output: Nchw) -> Result<Dispatch, KernelError> {
    SHADER.dispatch(&[], params(&SHADER, pool, input, output)?, SHADER.linear_grid(output.len()))
}

/// The uniforms of the pool and of its gradient.
pub(super) fn params(shader: &Shader, pool: PoolSpec, input: Nchw, output: Nchw) -> Result<PoolParams, KernelError> {
    shader.u32(input.len().max(output.len()))?;
    Ok(PoolParams {
        planes: shader.u32(input.n * input.c)?,
        in_h: shader.u32(input.h)?,
        in_w: shader.u32(input.w)?,
        out_h: shader.u32(output.h)?,
        out_w: shader.u32(output.w)?,
        kernel_size: shader.u32(pool.kernel_size)?,
        stride: shader.u32(pool.stride)?,
        padding: shader.u32(pool.padding)?,
    })
}
