//! Where a tensor's values lie in the file: its storage, its offset and its strides, checked against each other.

use std::collections::BTreeMap;
use std::ops::Range;

use super::super::WeightError;
use super::super::header::{Container, Dtype, Entry, Header};
use super::TorchError;
use super::tensors::Found;
use super::value::{Pickled, Storage, Tensor};

/// The header of a file of `file_len` bytes whose storages are at `places`.
pub(super) fn lay_out(
    container: Container,
    pickled: &Pickled<'_>,
    found: Found<'_>,
    places: &BTreeMap<&str, Range<u64>>,
    file_len: u64,
) -> Result<Header, WeightError> {
    let mut entries = BTreeMap::new();
    for (name, tensor) in found.tensors {
        let storage = &pickled.storages[tensor.storage as usize];
        let place = places.get(storage.key).ok_or_else(|| TorchError::MissingEntry(storage.key.to_owned()))?;
        let entry = entry(&name, tensor, storage, place, file_len)?;
        entries.insert(name, entry);
    }
    Ok(Header { entries, config: None, container, path: found.path, left_aside: found.left_aside })
}

fn entry(
    name: &str,
    tensor: &Tensor,
    storage: &Storage<'_>,
    place: &Range<u64>,
    file_len: u64,
) -> Result<Entry, WeightError> {
    let got = place.end - place.start;
    let expected = storage.elements.checked_mul(storage.kind.1);
    if expected != Some(got) {
        let (tensor, key, expected) = (name.to_owned(), storage.key.to_owned(), expected.unwrap_or(u64::MAX));
        return Err(TorchError::Storage { tensor, key, expected, got }.into());
    }
    let (dtype, size) = tensor.kind;
    // In bytes, since a storage without a type counts bytes and its tensors count values.
    let (first, count) = storage.view;
    let view = first * storage.kind.1..(first + count) * storage.kind.1;
    let span = span(tensor, size).filter(|span| span.end <= view.end - view.start);
    // A tensor that repeats its values by strides of 0 may claim any size.
    let values = tensor.shape.iter().try_fold(size, |bytes, &dim| bytes.checked_mul(dim));
    let (Some(span), Some(_)) = (span, values.filter(|&bytes| bytes <= file_len)) else {
        let (tensor, shape, strides) = (name.to_owned(), tensor.shape.clone(), tensor.strides.clone());
        return Err(TorchError::OutsideStorage { tensor, shape, strides, bytes: view.end - view.start }.into());
    };
    let start = place.start + view.start;
    let (Ok(from), Ok(to)) = (usize::try_from(start + span.start), usize::try_from(start + span.end)) else {
        return Err(WeightError::too_long(file_len));
    };
    // A stride along an axis of size 1 may be any number, and is never used.
    let used =
        tensor.shape.iter().zip(&tensor.strides).map(|(&dim, &stride)| if dim == 1 { 0 } else { stride as usize });
    let strides = (!is_in_order(tensor)).then(|| used.collect());
    Ok(Entry { dtype: Dtype::named(dtype), shape: tensor.shape.clone(), span: from..to, strides })
}

/// From the first value's first byte to the last value's last one, counted from the storage's beginning.
fn span(tensor: &Tensor, size: u64) -> Option<Range<u64>> {
    let start = tensor.offset.checked_mul(size)?;
    if tensor.shape.contains(&0) {
        return Some(start..start);
    }
    let mut last = tensor.offset;
    for (&dim, &stride) in tensor.shape.iter().zip(&tensor.strides) {
        last = last.checked_add((dim - 1).checked_mul(stride)?)?;
    }
    Some(start..last.checked_add(1)?.checked_mul(size)?)
}

/// Whether the values lie in the order of the indices, without gaps.
fn is_in_order(tensor: &Tensor) -> bool {
    let mut expected = 1_u64;
    for (&dim, &stride) in tensor.shape.iter().zip(&tensor.strides).rev() {
        if dim != 1 && stride != expected {
            return tensor.shape.contains(&0);
        }
        expected = expected.saturating_mul(dim);
    }
    true
}
