//! The pictures that come with the page, as `assets/samples/samples.json` lists them.

use serde::Deserialize;

const LIST: &str = include_str!("../../assets/samples/samples.json");
const FOLDER: &str = "assets/samples";

/// A picture to try.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
pub struct Sample {
    /// Its path inside of the folder of samples, which is its name in the document too.
    pub file: String,
    /// The path of its small version inside of the same folder; `None` where the picture is small itself.
    pub thumb: Option<String>,
    /// Its caption.
    pub title: String,
    /// What it shows, for readers who cannot see it.
    pub alt: String,
    /// Who made it.
    pub credit: String,
    /// The terms on which it is shown.
    pub licence: String,
    /// Where it comes from.
    pub source: String,
}

impl Sample {
    /// Whether it is a picture of the data set that the first network was trained on, as small as that network sees it.
    pub fn is_small(&self) -> bool {
        self.file.starts_with("cifar10/")
    }

    /// Its address, relative to the page.
    pub fn path(&self) -> String {
        format!("{FOLDER}/{}", self.file)
    }

    /// The address of its small version, relative to the page.
    pub fn thumb_path(&self) -> String {
        format!("{FOLDER}/{}", self.thumb.as_ref().unwrap_or(&self.file))
    }
}

/// All of them; the page opens with the first.
pub fn samples() -> Vec<Sample> {
    // The list is a part of this program, and a test reads it.
    serde_json::from_str(LIST).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use super::*;

    #[test]
    fn the_list_is_read_and_its_files_are_there() {
        let samples = samples();
        assert_eq!(samples[0].path(), "assets/samples/kitten.jpg");
        assert_eq!(samples.iter().filter(|sample| sample.is_small()).count(), 10);
        for sample in &samples {
            for path in [sample.path(), sample.thumb_path()] {
                assert!(Path::new(env!("CARGO_MANIFEST_DIR")).join(&path).is_file(), "{path}");
            }
        }
    }
}
