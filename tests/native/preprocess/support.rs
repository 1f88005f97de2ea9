//! Reads fixtures, generates noise, compares grey levels.

use cardinal::image::{ImageError, Prepared, Preprocess, RgbImage, StripResizer};
use safetensors::SafeTensors;
use std::path::{Path, PathBuf};

pub fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/data/preprocess")
}

pub fn read(name: &str) -> Vec<u8> {
    let path = folder().join(name);
    std::fs::read(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
}

/// The names of the files of `folder` below the fixtures' that end in `ending`, sorted.
pub fn names(below: &str, ending: &str) -> Vec<String> {
    let entries = std::fs::read_dir(folder().join(below)).unwrap();
    let mut names: Vec<String> = entries
        .map(|entry| entry.unwrap().file_name().into_string().unwrap())
        .filter(|name| name.ends_with(ending))
        .collect();
    names.sort();
    names
}

/// The `case` that a fixture's metadata describes.
pub fn case(bytes: &[u8]) -> serde_json::Value {
    let (_, header) = SafeTensors::read_metadata(bytes).unwrap();
    let metadata = header.metadata().as_ref().expect("fixtures have metadata");
    serde_json::from_str(&metadata["case"]).unwrap()
}

pub fn number(case: &serde_json::Value, key: &str) -> usize {
    usize::try_from(case[key].as_u64().unwrap_or_else(|| panic!("no `{key}` in {case}"))).unwrap()
}

pub fn picture(tensors: &SafeTensors<'_>, name: &str) -> RgbImage {
    let tensor = tensors.tensor(name).unwrap();
    let [height, width, 3] = tensor.shape() else { panic!("{name} is {:?}", tensor.shape()) };
    RgbImage::new(*width, *height, tensor.data().to_vec()).unwrap()
}

pub fn floats(tensors: &SafeTensors<'_>, name: &str) -> Vec<f32> {
    let (values, _) = tensors.tensor(name).unwrap().data().as_chunks::<4>();
    values.iter().map(|bytes| f32::from_le_bytes(*bytes)).collect()
}

/// The difference of two pictures.
#[derive(Debug, PartialEq)]
pub struct Difference {
    /// Largest difference, in grey levels.
    pub worst: u8,
    /// Flat index of the largest difference.
    pub at: usize,
    /// Share of equal values, 0 to 1.
    pub exact: f64,
}

pub fn compare(got: &[u8], expected: &[u8]) -> Difference {
    assert_eq!(got.len(), expected.len(), "lengths differ");
    assert!(!got.is_empty(), "nothing to compare");
    let mut difference = Difference { worst: 0, at: 0, exact: 0.0 };
    let mut equal = 0;
    for (index, (got, expected)) in got.iter().zip(expected).enumerate() {
        let apart = got.abs_diff(*expected);
        equal += usize::from(apart == 0);
        if apart > difference.worst {
            (difference.worst, difference.at) = (apart, index);
        }
    }
    difference.exact = equal as f64 / got.len() as f64;
    difference
}

/// A picture of noise, generated from `seed`.
pub fn noise(width: usize, height: usize, seed: u32) -> RgbImage {
    let mut state = seed | 1;
    let pixels = (0..width * height * 3).map(|_| {
        state ^= state << 13;
        state ^= state >> 17;
        state ^= state << 5;
        state as u8
    });
    RgbImage::new(width, height, pixels.collect()).unwrap()
}

/// Pushes `rgba` through a [`StripResizer`], `strip_rows` rows at a time.
pub fn in_strips(
    preprocess: &Preprocess,
    (width, height): (usize, usize),
    rgba: &[u8],
    strip_rows: usize,
) -> Result<Prepared, ImageError> {
    let mut resizer = StripResizer::new(width, height, preprocess)?;
    for strip in rgba.chunks(width * 4 * strip_rows) {
        resizer.push_rows(strip)?;
    }
    resizer.finish()
}
