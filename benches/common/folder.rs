//! Pictures on disk, by themselves or in folders.
#![allow(dead_code)] // Every program uses its own part.

use std::path::{Path, PathBuf};

use cardinal::image::{RgbImage, decode};

/// What is in a folder, by name, without hidden files.
///
/// # Errors
/// A folder that cannot be read, in one line.
pub fn entries(folder: &Path) -> Result<Vec<PathBuf>, String> {
    let named = |error: std::io::Error| format!("{}: {error}", folder.display());
    let entries = std::fs::read_dir(folder).map_err(named)?;
    let mut paths = entries.map(|entry| Ok(entry.map_err(named)?.path())).collect::<Result<Vec<_>, String>>()?;
    paths.retain(|path| path.file_name().is_some_and(|name| !name.to_string_lossy().starts_with('.')));
    paths.sort();
    Ok(paths)
}

/// The folders in a folder, each with its name: one per class.
///
/// # Errors
/// A folder that cannot be read, in one line.
pub fn classes(folder: &Path) -> Result<Vec<(String, PathBuf)>, String> {
    let folders = entries(folder)?.into_iter().filter(|path| path.is_dir());
    let named = |path: PathBuf| Some((path.file_name()?.to_string_lossy().into_owned(), path));
    Ok(folders.filter_map(named).collect())
}

/// A picture of a file.
///
/// # Errors
/// A file that cannot be read or is no picture, in one line.
pub fn picture(path: &Path) -> Result<RgbImage, String> {
    let bytes = std::fs::read(path).map_err(|error| format!("{}: {error}", path.display()))?;
    decode(&bytes).map_err(|error| format!("{}: {error}", path.display()))
}
