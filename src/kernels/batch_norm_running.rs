//! Running averages of a batch norm, which follow the statistics of a batch.

use super::table::batch_norm_running::{Params, SHADER};
use super::{Dispatch, KernelError};
use crate::shape::Nchw;

/// The launch of this kernel for a batch of this shape, of more than one value per channel.
///
/// # Errors
/// More elements or workgroups than WebGPU has numbers for.
pub fn dispatch(shape: Nchw) -> Result<Dispatch, KernelError> {
    let count = (shape.n * shape.h * shape.w) as f64;
    let params = Params { channels: SHADER.u32(shape.c)?, unbiased: (count / (count - 1.0)) as f32 };
    SHADER.dispatch(&[], params, [(2 * shape.c).div_ceil(SHADER.workgroup_size[0] as usize), 1, 1])
}
