//! CIFAR-10's binary version: files of records, one per picture.

use std::path::Path;

use cardinal::image::RgbImage;
use cardinal::zoo::cifar10::{CLASSES, SIDE};

/// Pixels of a plane.
const PLANE: usize = SIDE * SIDE;
/// One label byte, then three planes of pixels.
const RECORD: usize = 1 + 3 * PLANE;

/// The pictures of a file with their classes, in the file's order.
///
/// # Errors
/// A file that cannot be read, or is of another layout, in one line.
pub fn read(path: &Path) -> Result<Vec<(usize, RgbImage)>, String> {
    let at = |error: &dyn std::fmt::Display| format!("{}: {error}", path.display());
    let bytes = std::fs::read(path).map_err(|error| at(&error))?;
    if bytes.is_empty() || !bytes.len().is_multiple_of(RECORD) {
        return Err(at(&format!("expected records of {RECORD} bytes, got {} bytes", bytes.len())));
    }
    let picture = |record: &[u8]| {
        let (label, planes) = (usize::from(record[0]), &record[1..]);
        if label >= CLASSES.len() {
            return Err(at(&format!("expected classes from 0 to 9, got {label}")));
        }
        let pixels = (0..PLANE).flat_map(|at| [planes[at], planes[PLANE + at], planes[2 * PLANE + at]]).collect();
        Ok((label, RgbImage::new(SIDE, SIDE, pixels).map_err(|error| at(&error))?))
    };
    bytes.chunks_exact(RECORD).map(picture).collect()
}
