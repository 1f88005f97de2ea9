//! CIFAR-10 (Krizhevsky 2009) as it is published: its archives, and the files in them.

mod archive;
mod error;
mod pickle;
mod records;

pub use archive::Archive;
pub use error::ArchiveError;
pub use records::records;

use super::{Pictures, Set};
use crate::zoo::cifar10::{CLASSES, Item, SIDE, Sheet};

/// Pixels of a plane.
const PLANE: usize = SIDE * SIDE;

/// The data set of these pictures.
pub fn pictures(name: String, train: Set, test: Set) -> Pictures {
    Pictures { name, classes: CLASSES.map(str::to_owned).to_vec(), side: SIDE, train, test }
}

/// The pictures of a sheet that comes with the page, whose pixels are RGBA; `None` where it is smaller than its list says.
pub fn of_sheet(sheet: &Sheet, rgba: &[u8], items: &[Item]) -> Option<Set> {
    let mut set = Set::default();
    for (index, item) in items.iter().enumerate() {
        let cut = sheet.cut(rgba, index)?;
        let pixels: Vec<u8> =
            cut.as_chunks::<4>().0.iter().flat_map(|&[red, green, blue, _]| [red, green, blue]).collect();
        set.push(&pixels, item.class);
    }
    Some(set)
}

/// Adds a picture of three planes, red, green and blue.
fn push_planes(set: &mut Set, planes: &[u8], class: usize) {
    let pixels: Vec<u8> = (0..PLANE).flat_map(|at| [planes[at], planes[PLANE + at], planes[2 * PLANE + at]]).collect();
    set.push(&pixels, class);
}
