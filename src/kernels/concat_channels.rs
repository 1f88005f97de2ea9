//! One input of a concatenation, put into its channels of the output.

use super::table::concat_channels::{Params, SHADER};
use super::{Dispatch, KernelError};
use crate::shape::Nchw;

/// The launch of this kernel for one input, which becomes the output's channels from `first_channel` on.
///
/// # Errors
/// More elements or workgroups than WebGPU has numbers for.
pub fn dispatch(input: Nchw, output: Nchw, first_channel: usize) -> Result<Dispatch, KernelError> {
    SHADER.u32(output.len())?;
    let params = Params {
        elements: SHADER.u32(input.len())?,
        in_channels: SHADER.u32(input.c)?,
        out_channels: SHADER.u32(output.c)?,
        first_channel: SHADER.u32(first_channel)?,
        plane: SHADER.u32(input.h * input.w)?,
    };
    SHADER.dispatch(&[], params, SHADER.linear_grid(input.len()))
}
