//! Class activation maps (Zhou et al. 2016): the channels of the last block, weighted by a class's row of the linear layer.

use super::table::class_activation::{Params, SHADER};
use super::{Dispatch, KernelError};
use crate::shape::Nchw;

/// The launch of this kernel for the maps of `classes` classes; `input` is the last block's output.
///
/// # Errors
/// More elements or workgroups than WebGPU has numbers for.
pub fn dispatch(input: Nchw, classes: usize) -> Result<Dispatch, KernelError> {
    SHADER.u32(input.len())?;
    let plane = input.h * input.w;
    let params = Params { channels: SHADER.u32(input.c)?, classes: SHADER.u32(classes)?, plane: SHADER.u32(plane)? };
    SHADER.dispatch(&[], params, [plane, classes, input.n])
}
