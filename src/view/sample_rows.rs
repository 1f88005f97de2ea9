//! The sample pictures in rows: first what the chosen network can recognise.

use super::number;
use crate::protocol::PictureSource;
use crate::zoo::cifar10::CLASSES;
use crate::zoo::samples::{Sample, samples};
use crate::zoo::{Location, Network};

/// Sample pictures of one kind, beside each other.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SampleRow {
    /// Why these are apart: the network has no such class, or they are too small for it.
    pub caption: Option<String>,
    /// Whether these are CIFAR-10's 32×32 pictures.
    pub small: bool,
    /// The pictures, in the order of the list.
    pub samples: Vec<Sample>,
}

/// The names of a network's classes, as far as they are known. Those of the networks that come with the page are known before
/// their file has been read.
pub fn labels(network: &Network) -> Option<Vec<String>> {
    let is_shipped = network.trained.first().is_some_and(|file| matches!(file.location, Location::Bundled(_)));
    network.labels.clone().or_else(|| is_shipped.then(|| CLASSES.map(str::to_owned).to_vec()))
}

/// The rows for a network with these classes. Where they are unknown, or none of the pictures shows one of them, nothing is said
/// to be among them or not.
pub fn sample_rows(labels: Option<&[String]>) -> Vec<SampleRow> {
    let all = samples();
    let labels = labels.filter(|labels| all.iter().any(|sample| sample.is_among(labels)));
    let is_known = |sample: &Sample| labels.is_none_or(|labels| sample.is_among(labels));
    let (small, large): (Vec<_>, Vec<_>) = all.iter().cloned().partition(Sample::is_small);
    let (known, unknown): (Vec<_>, Vec<_>) = large.into_iter().partition(is_known);
    let tiny = || "Tiny 32×32 pictures, made for the ten-class network:".to_owned();
    let caption = |labels: &[String]| format!("Not among its {} classes:", number::grouped(labels.len() as u64));
    let small_caption = (!small.iter().any(is_known)).then(tiny);
    let rows = [
        SampleRow { caption: None, small: false, samples: known },
        SampleRow { caption: small_caption, small: true, samples: small },
        SampleRow { caption: labels.map(caption), small: false, samples: unknown },
    ];
    rows.into_iter().filter(|row| !row.samples.is_empty()).collect()
}

/// Whether a picture may show none of these classes: one of the visitor's own, or a sample that is not among them.
pub fn may_be_unknown(source: &PictureSource, labels: Option<&[String]>) -> bool {
    match source {
        PictureSource::File => true,
        PictureSource::Url(path) => labels
            .is_some_and(|labels| samples().iter().any(|sample| sample.path() == *path && !sample.is_among(labels))),
        PictureSource::TestPicture(_) => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::zoo::offers;

    fn files(row: &SampleRow) -> Vec<&str> {
        row.samples.iter().map(|sample| sample.file.trim_end_matches(".jpg")).collect()
    }

    #[test]
    fn the_first_network_leads_with_what_it_knows() {
        let rows = sample_rows(labels(&offers()[0]).as_deref());
        assert_eq!(files(&rows[0]), ["kitten", "kingfisher", "horses", "moose", "chelsea", "german-shepherd", "duck"]);
        assert!(rows[1].small && rows[1].samples.len() == 10);
        assert_eq!(files(&rows[2]), ["rocket", "coffee", "lizard", "pagoda"]);
        let captions: Vec<Option<&str>> = rows.iter().map(|row| row.caption.as_deref()).collect();
        assert_eq!(captions, [None, None, Some("Not among its 10 classes:")]);
    }

    #[test]
    fn imagenets_networks_know_others() {
        let imagenet = crate::zoo::labels::parse(include_str!("../../assets/labels/imagenet.txt"));
        let rows = sample_rows(Some(&imagenet));
        assert_eq!(files(&rows[0])[0], "kitten");
        assert!(files(&rows[0]).contains(&"rocket"));
        assert!(rows[1].small && rows[1].caption.as_deref().is_some_and(|caption| caption.starts_with("Tiny 32×32")));
        assert_eq!(files(&rows[2]), ["kingfisher", "moose", "pagoda"]);
        assert_eq!(rows[2].caption.as_deref(), Some("Not among its 1,000 classes:"));
    }

    #[test]
    fn own_pictures_and_rockets_may_be_unknown() {
        let labels = labels(&offers()[0]);
        let unknown = |source| may_be_unknown(&source, labels.as_deref());
        assert!(unknown(PictureSource::File) && unknown(PictureSource::Url("assets/samples/rocket.jpg".into())));
        assert!(!unknown(PictureSource::Url("assets/samples/kitten.jpg".into())));
        assert!(!unknown(PictureSource::TestPicture(3)));
    }

    #[test]
    fn without_known_names_nothing_is_said_to_be_missing() {
        let untrained = &offers()[5];
        assert_eq!(labels(untrained), None);
        for labels in [None, Some(&["daisy".to_owned(), "tulip".into()][..])] {
            let rows = sample_rows(labels);
            assert_eq!(rows.iter().map(|row| row.samples.len()).collect::<Vec<_>>(), [11, 10]);
            assert!(!rows[0].small && rows[0].caption.is_none() && rows[0].samples[0].file == "kitten.jpg");
        }
    }
}
