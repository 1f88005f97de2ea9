//! The binary version: files of records, one per picture.

use super::{ArchiveError, PLANE, push_planes};
use crate::train::Set;
use crate::zoo::cifar10::CLASSES;

/// One label byte, then three planes of pixels.
const RECORD: usize = 1 + 3 * PLANE;

/// Adds the pictures of a file, in the file's order.
///
/// # Errors
/// [`ArchiveError`] for a file of another layout.
pub fn records(file: &str, bytes: &[u8], set: &mut Set) -> Result<(), ArchiveError> {
    if bytes.is_empty() || !bytes.len().is_multiple_of(RECORD) {
        return Err(ArchiveError::Records { file: file.to_owned(), expected: RECORD, got: bytes.len() });
    }
    for record in bytes.chunks_exact(RECORD) {
        push(file, usize::from(record[0]), &record[1..], set)?;
    }
    Ok(())
}

/// Adds a picture, if there is a class of this index.
pub(super) fn push(file: &str, class: usize, planes: &[u8], set: &mut Set) -> Result<(), ArchiveError> {
    if class >= CLASSES.len() {
        return Err(ArchiveError::Class { file: file.to_owned(), got: class });
    }
    push_planes(set, planes, class);
    Ok(())
}
