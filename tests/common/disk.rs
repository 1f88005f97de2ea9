//! Folders of the tests that write files.

use std::path::{Path, PathBuf};

/// An empty folder of its own for a test, such as `train/mistakes`.
pub fn folder(name: &str) -> PathBuf {
    // An example that shares these helpers has none, and needs no files.
    let Some(root) = option_env!("CARGO_TARGET_TMPDIR") else {
        panic!("Cargo has a folder for the files of tests alone")
    };
    let folder = Path::new(root).join(name);
    let _ = std::fs::remove_dir_all(&folder);
    std::fs::create_dir_all(&folder).unwrap();
    folder
}

/// A path as an argument of a command line.
pub fn text(path: &Path) -> &str {
    path.to_str().unwrap()
}
