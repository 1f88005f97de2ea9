//! The Python version: pickles of Python 2 with a list of labels and an array of pixels. They are fixed files, so no machine runs them:
//! the two values are looked for and checked.

use super::records::push;
use super::{ArchiveError, PLANE};
use crate::train::Set;

/// The bytes of a picture.
const PICTURE: usize = 3 * PLANE;
/// SHORT_BINSTRING, its length, and the key of the labels.
const LABELS: &[u8] = b"U\x06labels";
/// The same of the pixels.
const DATA: &[u8] = b"U\x04data";

/// Adds the pictures of a file, in the file's order.
///
/// # Errors
/// [`ArchiveError`] for anything but what CIFAR-10's archive has.
pub(super) fn pickle(file: &str, bytes: &[u8], set: &mut Set) -> Result<(), ArchiveError> {
    let wrong = |what| ArchiveError::Pickle { file: file.to_owned(), what };
    let labels = after(bytes, LABELS).and_then(list).ok_or_else(|| wrong("a list of labels"))?;
    let pixels = after(bytes, DATA).and_then(|rest| string(rest, labels.len() * PICTURE));
    let pixels = pixels.ok_or_else(|| wrong("one array of pixels for all labels"))?;
    labels.iter().zip(pixels.chunks_exact(PICTURE)).try_for_each(|(&class, planes)| push(file, class, planes, set))
}

/// What comes after the first `key`.
fn after<'a>(bytes: &'a [u8], key: &[u8]) -> Option<&'a [u8]> {
    let at = bytes.windows(key.len()).position(|part| part == key)?;
    Some(&bytes[at + key.len()..])
}

/// A list of numbers below 256: EMPTY_LIST, then MARK, BININT1 per number and APPENDS as often as needed; a value may be followed by
/// BINPUT.
fn list(mut bytes: &[u8]) -> Option<Vec<usize>> {
    let mut numbers = Vec::new();
    let mut is_open = false;
    loop {
        bytes = match *bytes {
            [b'q', _, ref rest @ ..] if numbers.is_empty() => rest,
            [b']', ref rest @ ..] if numbers.is_empty() => rest,
            [b'(', ref rest @ ..] if !is_open => {
                is_open = true;
                rest
            }
            [b'K', number, ref rest @ ..] if is_open => {
                numbers.push(usize::from(number));
                rest
            }
            [b'e', ref rest @ ..] if is_open => {
                is_open = false;
                rest
            }
            _ => return (!is_open && !numbers.is_empty()).then_some(numbers),
        };
    }
}

/// The first string of this length: BINSTRING and its length in four bytes.
fn string(bytes: &[u8], len: usize) -> Option<&[u8]> {
    let mut key = vec![b'T'];
    key.extend(u32::try_from(len).ok()?.to_le_bytes());
    after(bytes, &key)?.get(..len)
}
