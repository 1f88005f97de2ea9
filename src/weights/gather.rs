//! Brings the values of a tensor that lies in the file by strides into the order of its indices.

use std::borrow::Cow;

use super::WeightError;
use super::header::{Dtype, Entry};

/// The bytes of a tensor's values in order, from those of its span: the same ones where they lie so.
pub(super) fn in_order<'a>(name: &str, entry: &Entry, span: &'a [u8]) -> Result<Cow<'a, [u8]>, WeightError> {
    let Some(strides) = &entry.strides else { return Ok(Cow::Borrowed(span)) };
    let size = match &entry.dtype {
        Dtype::F16 | Dtype::Bf16 => 2,
        Dtype::F32 => 4,
        Dtype::F64 => 8,
        Dtype::Other(got) => return Err(WeightError::Dtype { tensor: name.to_owned(), got: got.clone() }),
    };
    let shape: Vec<usize> = entry.shape.iter().map(|&dim| dim as usize).collect();
    let mut gathered = Vec::with_capacity(shape.iter().product::<usize>() * size);
    let mut index = vec![0; shape.len()];
    let mut at = 0;
    loop {
        // A span that was not read is empty; whoever asks for it sees that.
        let Some(value) = span.get(at * size..(at + 1) * size) else { return Ok(Cow::Borrowed(&[])) };
        gathered.extend_from_slice(value);
        // The next index: the last axis fastest, as an odometer counts.
        let mut axis = shape.len();
        loop {
            let Some(next) = axis.checked_sub(1) else { return Ok(Cow::Owned(gathered)) };
            axis = next;
            index[axis] += 1;
            at += strides[axis];
            if index[axis] < shape[axis] {
                break;
            }
            at -= strides[axis] * index[axis];
            index[axis] = 0;
        }
    }
}
