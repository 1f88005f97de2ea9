//! The files that come with the page and are fetched when they are used: pictures, weights, class names. For offline visits they
//! are fetched before.

use super::bundled::SHIPPED;
use super::cifar10::TEST;
use super::labels::IMAGENET;
use super::samples::samples;

/// Bytes of all [`files`].
pub const BYTES: u64 = 13_434_000;

/// Their paths, relative to the page.
pub fn files() -> Vec<String> {
    let mut files: Vec<String> = SHIPPED.iter().map(|shipped| shipped.path.to_owned()).collect();
    files.extend([TEST.path, TEST.list, IMAGENET].map(str::to_owned));
    for sample in samples() {
        files.extend([sample.path(), sample.thumb_path()]);
    }
    files.sort();
    // A small sample is its own thumbnail.
    files.dedup();
    files
}

#[cfg(test)]
mod tests {
    use std::fs;
    use std::path::Path;

    use super::*;

    #[test]
    fn the_bytes_are_those_of_the_files() {
        let length = |path: &String| fs::metadata(Path::new(env!("CARGO_MANIFEST_DIR")).join(path)).unwrap().len();
        let bytes: u64 = files().iter().map(length).sum();
        assert!(bytes.abs_diff(BYTES) < 10_000, "{bytes} bytes, {BYTES} stated");
    }
}
