//! Softmax over the classes, a workgroup a picture.

use super::table::softmax::{Params, SHADER};
use super::{Dispatch, KernelError};

pub fn dispatch(n: usize, classes: usize) -> Result<Dispatch, KernelError> {
    SHADER.dispatch(&[], Params { classes: SHADER.u32(classes)? }, [n, 1, 1])
}
