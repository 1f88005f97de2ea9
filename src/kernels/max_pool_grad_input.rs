//! The gradient of a max-pool's input.

use super::table::max_pool_grad_input::SHADER;
use super::{Dispatch, KernelError, max_pool};
use crate::shape::{Nchw, PoolSpec};

/// The launch of this kernel; `input` and `output` are the shapes of the pool.
///
/// # Errors
/// More elements or workgroups than WebGPU has numbers for.
pub fn dispatch(pool: PoolSpec, input: Nchw, output: Nchw) -> Result<Dispatch, KernelError> {
    SHADER.dispatch(&[], max_pool::params(&SHADER, pool, input, output)?, SHADER.linear_grid(input.len()))
}
