//! The pictures of the classes.

use std::path::{Path, PathBuf};

use cardinal::image::Preprocess;

use super::{Failure, folder};

/// Of pictures that cannot be read, this many are named.
const NAMED: usize = 5;

/// A picture, as the network takes it.
pub struct Picture {
    pub path: PathBuf,
    /// Index of its class.
    pub class: usize,
    pub tensor: Vec<f32>,
}

/// The names of the classes, which are the folders', in their order, and all pictures.
///
/// # Errors
/// A folder that is not there or has no folders, a class without pictures, or pictures that cannot be read.
pub fn read(root: &Path, preprocess: &Preprocess) -> Result<(Vec<String>, Vec<Picture>), Failure> {
    let (mut classes, mut pictures, mut unread) = (Vec::new(), Vec::new(), Vec::new());
    for (class, (name, of_class)) in folder::classes(root)?.into_iter().enumerate() {
        let files: Vec<PathBuf> = folder::entries(&of_class)?.into_iter().filter(|path| !path.is_dir()).collect();
        if files.is_empty() {
            return Err(
                format!("{}: this class has no picture; add some, or remove the folder", of_class.display()).into()
            );
        }
        classes.push(name);
        for path in files {
            match tensor(&path, preprocess) {
                Ok(tensor) => pictures.push(Picture { path, class, tensor }),
                Err(error) => unread.push(error),
            }
        }
    }
    if classes.len() < 2 {
        let got = classes.len();
        return Err(format!("{}: expected a folder for each of two or more classes, got {got}", root.display()).into());
    }
    if !unread.is_empty() {
        let more = unread.len().saturating_sub(NAMED);
        let more = if more > 0 { format!("; and {more} more") } else { String::new() };
        unread.truncate(NAMED);
        return Err(format!("remove what cannot be read: {}{more}", unread.join("; ")).into());
    }
    Ok((classes, pictures))
}

fn tensor(path: &Path, preprocess: &Preprocess) -> Result<Vec<f32>, String> {
    let prepared = preprocess.apply(&folder::picture(path)?);
    Ok(prepared.map_err(|error| format!("{}: {error}", path.display()))?.tensor)
}
