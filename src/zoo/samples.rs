//! The pictures that come with the page, as `assets/samples/samples.json` lists them.

use std::sync::LazyLock;

use serde::Deserialize;

const LIST: &str = include_str!("../../assets/samples/samples.json");
const FOLDER: &str = "assets/samples";

/// A sample picture.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
pub struct Sample {
    /// Its path inside the folder of samples, which also names it in the page's document.
    pub file: String,
    /// The path of its thumbnail inside the same folder; `None` if the picture itself is small.
    pub thumb: Option<String>,
    /// Its caption.
    pub title: String,
    /// Alternative text for readers who cannot see it.
    pub alt: String,
    /// What it shows, as a class of CIFAR-10; `None` if it has no such class.
    pub cifar10: Option<String>,
    /// What it shows, as ImageNet's labels name it; `None` if they do not, or if it is too small for such a network.
    pub imagenet: Option<String>,
    /// Its author.
    pub credit: String,
    /// Its licence.
    pub licence: String,
    /// The URL or dataset that it comes from.
    pub source: String,
}

impl Sample {
    /// Whether it is one of CIFAR-10's 32×32 pictures, the size that the first network reads.
    pub fn is_small(&self) -> bool {
        self.file.starts_with("cifar10/")
    }

    /// Whether one of a network's classes is what it shows.
    pub fn is_among(&self, labels: &[String]) -> bool {
        [&self.cifar10, &self.imagenet].into_iter().flatten().any(|class| labels.contains(class))
    }

    /// Its name in the page's address: `kitten`, `cifar10/frog`.
    pub fn name(&self) -> &str {
        self.file.rsplit_once('.').map_or(&self.file, |(name, _)| name)
    }

    /// Its URL, relative to the page.
    pub fn path(&self) -> String {
        format!("{FOLDER}/{}", self.file)
    }

    /// The URL of its thumbnail, relative to the page.
    pub fn thumb_path(&self) -> String {
        format!("{FOLDER}/{}", self.thumb.as_ref().unwrap_or(&self.file))
    }
}

/// All sample pictures; the page opens with the first.
pub fn samples() -> &'static [Sample] {
    // The list is compiled in, and a test parses it.
    static ALL: LazyLock<Vec<Sample>> = LazyLock::new(|| serde_json::from_str(LIST).unwrap_or_default());
    &ALL
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use super::*;
    use crate::zoo::{cifar10::CLASSES, labels};

    #[test]
    fn the_list_is_read_and_its_files_are_there() {
        let samples = samples();
        assert_eq!(samples[0].path(), "assets/samples/kitten.jpg");
        assert_eq!(samples.iter().filter(|sample| sample.is_small()).count(), 10);
        for sample in samples {
            for path in [sample.path(), sample.thumb_path()] {
                assert!(Path::new(env!("CARGO_MANIFEST_DIR")).join(&path).is_file(), "{path}");
            }
        }
    }

    #[test]
    fn its_classes_are_those_of_the_data_sets() {
        let imagenet = labels::parse(include_str!("../../assets/labels/imagenet.txt"));
        for sample in samples() {
            assert!(sample.cifar10.iter().all(|class| CLASSES.contains(&class.as_str())), "{sample:?}");
            assert!(sample.imagenet.iter().all(|class| imagenet.contains(class)), "{sample:?}");
            assert!(!sample.is_small() || sample.cifar10.is_some() && sample.imagenet.is_none(), "{sample:?}");
        }
    }
}
