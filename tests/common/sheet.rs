//! The parts of CIFAR-10 that come with the page, as pictures.

use std::path::Path;

use cardinal::image::{RgbImage, decode};
use cardinal::zoo::cifar10::{Item, SIDE, Sheet};

fn read(path: &str) -> Vec<u8> {
    std::fs::read(Path::new(env!("CARGO_MANIFEST_DIR")).join(path)).unwrap_or_else(|error| panic!("{path}: {error}"))
}

/// Number and class of each picture.
pub fn items(sheet: &Sheet) -> Vec<Item> {
    sheet.items(&String::from_utf8(read(sheet.list)).expect("UTF-8")).expect("a number and a class per line")
}

/// The pictures in the order of the list.
pub fn pictures(sheet: &Sheet) -> Vec<RgbImage> {
    let rgba = decode(&read(sheet.path)).expect("a picture").to_rgba();
    let cut = |index| sheet.cut(&rgba, index).expect("on the sheet");
    (0..sheet.pictures).map(|index| RgbImage::from_rgba(SIDE, SIDE, &cut(index)).expect("32 by 32")).collect()
}
