//! Softmax over the classes, or the sigmoid of the only one; one workgroup per image.

use super::table::softmax::{Params, SHADER};
use super::{Dispatch, KernelError};

/// The launch of this kernel.
///
/// # Errors
/// More elements or workgroups than WebGPU has numbers for.
pub fn dispatch(n: usize, classes: usize) -> Result<Dispatch, KernelError> {
    SHADER.dispatch(&[], Params { classes: SHADER.u32(classes)? }, [n, 1, 1])
}
