//! CIFAR-10's binary version: files of records, one per picture.

use std::path::Path;

use cardinal::image::RgbImage;
use cardinal::train::{Set, cifar10};
use cardinal::zoo::cifar10::SIDE;

/// The pictures of a file with their classes, in the file's order.
///
/// # Errors
/// A file that cannot be read, or is of another layout, in one line.
pub fn read(path: &Path) -> Result<Vec<(usize, RgbImage)>, String> {
    let name = path.display().to_string();
    let bytes = std::fs::read(path).map_err(|error| format!("{name}: {error}"))?;
    let mut set = Set::default();
    cifar10::records(&name, &bytes, &mut set).map_err(|error| error.to_string())?;
    let picture = |(pixels, &class): (&[u8], &u32)| {
        let picture = RgbImage::new(SIDE, SIDE, pixels.to_vec()).map_err(|error| format!("{name}: {error}"))?;
        Ok((class as usize, picture))
    };
    set.pixels.chunks_exact(SIDE * SIDE * 3).zip(&set.labels).map(picture).collect()
}
