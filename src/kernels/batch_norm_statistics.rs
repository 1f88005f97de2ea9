//! Mean and variance per channel of a batch.

use super::table::batch_norm_statistics::{Params, SHADER};
use super::{Dispatch, KernelError};
use crate::shape::Nchw;

/// The launch of this kernel.
///
/// # Errors
/// More elements or workgroups than WebGPU has numbers for.
pub fn dispatch(shape: Nchw) -> Result<Dispatch, KernelError> {
    SHADER.u32(shape.len())?;
    let params =
        Params { n: SHADER.u32(shape.n)?, channels: SHADER.u32(shape.c)?, plane: SHADER.u32(shape.h * shape.w)? };
    SHADER.dispatch(&[], params, [shape.c, 1, 1])
}
