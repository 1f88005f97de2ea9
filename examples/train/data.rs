//! The pictures that a network is trained and tested on.

use std::path::{Path, PathBuf};

use cardinal::image::{Preprocess, RgbImage, decode};
use cardinal::zoo::cifar10::{CLASSES, SIDE, Sheet, TEST, TRAINING};

use super::args::Data;
use super::{Failure, folder, records};

/// Pictures of one size with their classes.
#[derive(Default)]
pub struct Set {
    /// `[count, side, side, 3]`
    pub pixels: Vec<u8>,
    pub labels: Vec<u32>,
}

/// A data set.
pub struct Pictures {
    pub name: String,
    pub classes: Vec<String>,
    pub train: Set,
    pub test: Set,
}

/// Of a folder without a test set, every so many pictures of a class are kept for the test.
const KEPT: usize = 10;

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
        pictures.train.limit(per_class, preprocess.crop);
        let (trained, tested) = (pictures.train.labels.len(), pictures.test.labels.len());
        if pictures.classes.len() < 2 || trained == 0 || tested == 0 {
            let classes = pictures.classes.len();
            return Err(format!(
                "{}: expected pictures of two classes or more to train and test on, got {classes} classes with {trained} and {tested}",
                pictures.name
            )
            .into());
        }
        Ok(pictures)
    }
}

impl Set {
    /// Adds a picture as the network sees it before it is normalised.
    fn push(&mut self, picture: &RgbImage, label: usize, preprocess: &Preprocess) -> Result<(), Failure> {
        self.pixels.extend_from_slice(preprocess.apply(picture)?.seen.pixels());
        self.labels.push(label as u32);
        Ok(())
    }

    fn limit(&mut self, per_class: usize, side: usize) {
        let mut seen = Vec::new();
        let mut keep = |label: u32| {
            seen.resize(seen.len().max(label as usize + 1), 0);
            seen[label as usize] += 1;
            seen[label as usize] <= per_class
        };
        let kept: Vec<bool> = self.labels.iter().map(|&label| keep(label)).collect();
        let pictures = self.pixels.chunks_exact(side * side * 3).zip(&kept);
        self.pixels = pictures.filter(|(_, kept)| **kept).flat_map(|(picture, _)| picture).copied().collect();
        let mut kept = kept.into_iter();
        self.labels.retain(|_| kept.next() == Some(true));
    }
}

/// The parts of CIFAR-10 that come with the page.
fn bundled(preprocess: &Preprocess) -> Result<Pictures, Failure> {
    let pictures = of_cifar10(part(&TRAINING, preprocess)?, part(&TEST, preprocess)?);
    let name = format!("CIFAR-10, {} training and {} test pictures", TRAINING.pictures, TEST.pictures);
    Ok(Pictures { name, ..pictures })
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
        set.push(&RgbImage::from_rgba(SIDE, SIDE, &pixels)?, item.class, preprocess)?;
    }
    Ok(set)
}

fn of_cifar10(train: Set, test: Set) -> Pictures {
    Pictures { name: "CIFAR-10".into(), classes: CLASSES.map(str::to_owned).to_vec(), train, test }
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
            set.push(&picture, label, preprocess)?;
        }
    }
    Ok(of_cifar10(train, test))
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
        set.push(&folder::picture(path)?, label, preprocess).map_err(at)
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
    Ok(Pictures { name, classes, train, test })
}
