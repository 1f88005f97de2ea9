//! The pictures that a network is trained and tested on.

use std::path::{Path, PathBuf};

use cardinal::image::{Preprocess, RgbImage, decode};
use cardinal::train::cifar10::pictures;
use cardinal::train::{KEPT, Pictures, Set};
use cardinal::zoo::cifar10::{SIDE, Sheet, TEST, TRAINING};

use super::args::Data;
use super::{Failure, folder, records};

impl Data {
    /// Reads the pictures at the size that `preprocess` gives, at most `per_class` of each class to train on.
    ///
    /// # Errors
    /// A file that cannot be read or is no picture, or a set without pictures or with less than two classes.
    pub fn read(&self, preprocess: &Preprocess, per_class: usize) -> Result<Pictures, Failure> {
        let mut pictures = match self {
            Self::Bundled => bundled(preprocess)?,
            Self::Cifar10(folder) => cifar10(folder, preprocess)?,
            Self::Folder(folder) => folders(folder, preprocess)?,
        };
        pictures.side = preprocess.crop;
        pictures.train.limit(per_class, pictures.side);
        Ok(pictures)
    }
}

/// Adds a picture as the network sees it before it is normalised.
fn push(set: &mut Set, picture: &RgbImage, class: usize, preprocess: &Preprocess) -> Result<(), Failure> {
    set.push(preprocess.apply(picture)?.seen.pixels(), class);
    Ok(())
}

/// The parts of CIFAR-10 that come with the page.
fn bundled(preprocess: &Preprocess) -> Result<Pictures, Failure> {
    let name = format!("CIFAR-10, {} training and {} test pictures", TRAINING.pictures, TEST.pictures);
    Ok(pictures(name, part(&TRAINING, preprocess)?, part(&TEST, preprocess)?))
}

fn part(part: &Sheet, preprocess: &Preprocess) -> Result<Set, Failure> {
    let read = |path: &str| {
        let path = Path::new(env!("CARGO_MANIFEST_DIR")).join(path);
        std::fs::read(&path).map_err(|error| format!("{}: {error}", path.display()))
    };
    let rgba = decode(&read(part.path)?)?.to_rgba();
    let items = part.items(&String::from_utf8(read(part.list)?)?);
    let items = items.ok_or_else(|| format!("{}: expected {} numbers and classes", part.list, part.pictures))?;
    let mut set = Set::default();
    for (index, item) in items.iter().enumerate() {
        let pixels = part.cut(&rgba, index).ok_or_else(|| format!("{}: it has no picture {index}", part.path))?;
        push(&mut set, &RgbImage::from_rgba(SIDE, SIDE, &pixels)?, item.class, preprocess)?;
    }
    Ok(set)
}

/// The binary version: `data_batch_*.bin` and `test_batch.bin`.
fn cifar10(folder: &Path, preprocess: &Preprocess) -> Result<Pictures, Failure> {
    let (mut train, mut test) = (Set::default(), Set::default());
    for path in folder::entries(folder)? {
        let name = path.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
        let set = match &name[..] {
            "test_batch.bin" => &mut test,
            name if name.starts_with("data_batch_") && name.ends_with(".bin") => &mut train,
            _ => continue,
        };
        for (label, picture) in records::read(&path)? {
            push(set, &picture, label, preprocess)?;
        }
    }
    Ok(pictures("CIFAR-10".into(), train, test))
}

/// `train/CLASS/*` and `test/CLASS/*`, or `CLASS/*`.
fn folders(folder: &Path, preprocess: &Preprocess) -> Result<Pictures, Failure> {
    let (train_folder, test_folder) = (folder.join("train"), folder.join("test"));
    let is_parted = train_folder.is_dir() && test_folder.is_dir();
    let root = if is_parted { &train_folder } else { folder };
    let classes: Vec<String> = folder::classes(root)?.into_iter().map(|(name, _)| name).collect();
    let (mut train, mut test) = (Set::default(), Set::default());
    let read = |path: &PathBuf, label: usize, set: &mut Set| {
        let at = |error: Failure| -> Failure { format!("{}: {error}", path.display()).into() };
        push(set, &folder::picture(path)?, label, preprocess).map_err(at)
    };
    for (label, class) in classes.iter().enumerate() {
        for (index, path) in folder::entries(&root.join(class))?.iter().enumerate() {
            let is_test = !is_parted && index % KEPT == KEPT - 1;
            read(path, label, if is_test { &mut test } else { &mut train })?;
        }
        if is_parted {
            folder::entries(&test_folder.join(class))?.iter().try_for_each(|path| read(path, label, &mut test))?;
        }
    }
    let name = folder.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
    Ok(Pictures { name, classes, train, test, ..Pictures::default() })
}
