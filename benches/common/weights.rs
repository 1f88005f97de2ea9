//! Finds a network's files on disk: its weights, by themselves or as the only ones of a folder, and the `config.json` beside them.
#![allow(dead_code)] // Every program uses its own part.

use std::fmt::Display;
use std::path::{Path, PathBuf};
use std::rc::Rc;

use cardinal::classifier::Model;
use cardinal::weights::Checkpoint;

/// Endings of weights files.
const ENDINGS: [&str; 5] = ["safetensors", "pth", "pt", "bin", "ckpt"];

/// The files of one network.
pub struct Files {
    /// Where the weights are.
    pub path: PathBuf,
    pub weights: Vec<u8>,
    /// The text of `config.json` beside them.
    pub config_json: Option<String>,
}

impl Files {
    /// The checkpoint, with the strides of its stages where they are given.
    ///
    /// # Errors
    /// What is no checkpoint, or strides that do not fit it, in words.
    pub fn checkpoint(self, strides: Option<&[usize]>) -> Result<Checkpoint<Vec<u8>>, String> {
        let Self { path, weights, config_json } = self;
        let checkpoint = Checkpoint::parse_with(weights, config_json.as_deref()).map_err(|error| at(&path, &error))?;
        let Some(strides) = strides else { return Ok(checkpoint) };
        checkpoint.with_strides(strides.to_vec()).map_err(|error| error.to_string())
    }

    /// The network, to be loaded on a device.
    ///
    /// # Errors
    /// What is no network, in words.
    pub async fn model(self) -> Result<Model, String> {
        let Self { path, weights, config_json } = self;
        let model = Model::open(&path.display().to_string(), Rc::new(weights), config_json.as_deref()).await;
        model.map_err(|error| at(&path, &error))
    }
}

fn at(path: &Path, error: &dyn Display) -> String {
    format!("{}: {error}", path.display())
}

/// Reads the weights at `path`, a file or a folder, and what describes them.
///
/// # Errors
/// Which file cannot be read, or that a folder has no or several files of weights, in one line.
pub fn read(path: &Path) -> Result<Files, String> {
    let path = if path.is_dir() { only_weights(path)? } else { path.to_owned() };
    let weights = std::fs::read(&path).map_err(|error| at(&path, &error))?;
    let config = path.with_file_name("config.json");
    let config_json = match std::fs::read_to_string(&config) {
        Ok(text) => Some(text),
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => None,
        Err(error) => return Err(at(&config, &error)),
    };
    Ok(Files { path, weights, config_json })
}

/// The weights of a folder: `model.safetensors`, or else the only file with an ending of weights.
fn only_weights(folder: &Path) -> Result<PathBuf, String> {
    let usual = folder.join("model.safetensors");
    if usual.is_file() {
        return Ok(usual);
    }
    let entries = std::fs::read_dir(folder).map_err(|error| at(folder, &error))?;
    let mut found: Vec<PathBuf> = entries.filter_map(|entry| entry.ok().map(|entry| entry.path())).collect();
    found
        .retain(|path| path.extension().is_some_and(|end| ENDINGS.iter().any(|known| end.eq_ignore_ascii_case(known))));
    found.sort();
    match &found[..] {
        [only] => Ok(only.clone()),
        [] => Err(format!("{}: this folder has no weights; name a file", folder.display())),
        several => {
            let names: Vec<String> =
                several.iter().filter_map(|path| Some(path.file_name()?.to_string_lossy().into_owned())).collect();
            Err(format!(
                "{}: this folder has several weights, {}; name one of them",
                folder.display(),
                names.join(", ")
            ))
        }
    }
}
