//! The mean of every channel over height and width.

use super::table::global_avg_pool::{Params, SHADER};
use super::{Dispatch, KernelError};
use crate::shape::Nchw;

/// The launch of this kernel.
///
/// # Errors
/// More elements or workgroups than WebGPU has numbers for.
pub fn dispatch(input: Nchw) -> Result<Dispatch, KernelError> {
    SHADER.u32(input.len())?;
    let planes = input.n * input.c;
    let params = Params { planes: SHADER.u32(planes)?, plane: SHADER.u32(input.h * input.w)? };
    SHADER.dispatch(&[], params, SHADER.linear_grid(planes))
}
