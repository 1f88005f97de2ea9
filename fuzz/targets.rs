//! What is done to untrusted bytes: one function per parser. The fuzz targets call them with whatever libFuzzer finds, and
//! `tests/native/fuzz.rs` with the seeds and a fixed number of changed copies of each. A panic is a fault, and so is an error without words.

use std::fmt::Display;

use cardinal::classifier::TrainingState;
use cardinal::image::{decode, inspect, is_svg, stated_size};
use cardinal::train::cifar10::Archive;
use cardinal::view::lab;
use cardinal::view::link::Link;
use cardinal::weights::{Checkpoint, class_names};

/// A target: its name, what it does, and the files that it begins with, relative to the repository. A folder stands for its files.
pub type Target = (&'static str, fn(&[u8]), &'static [&'static str]);

/// All targets.
pub const TARGETS: [Target; 8] = [
    ("archive", archive, &["fuzz/seeds/archive"]),
    ("config", config, &["fuzz/seeds/config"]),
    ("link", link, &["fuzz/seeds/link"]),
    ("picture", picture, &["tests/data/field/pictures", "tests/data/preprocess/broken"]),
    ("pth", pth, &["tests/data/pth/1.13", "tests/data/pth/2.15"]),
    ("result", result, &["docs/results"]),
    ("safetensors", safetensors, &["fuzz/seeds/safetensors"]),
    ("state", state, &["fuzz/seeds/state"]),
];

/// The most pixels that are decoded: decoders of other crates are not what is tried here.
const MOST_PIXELS: usize = 1 << 14;

/// Nothing is to be refused without a word.
fn told<T, E: Display>(outcome: Result<T, E>) -> Option<T> {
    match outcome {
        Ok(value) => Some(value),
        Err(error) => {
            assert!(!error.to_string().is_empty());
            None
        }
    }
}

/// A tar archive of CIFAR-10, in pieces of odd sizes.
pub fn archive(bytes: &[u8]) {
    let mut archive = Archive::default();
    let read = bytes.chunks(1000).try_for_each(|piece| archive.push(piece)).and_then(|()| archive.finish());
    if let Some(pictures) = told(read) {
        let all = [&pictures.train, &pictures.test];
        assert!(
            all.iter().all(|set| set.pixels.len() == set.count() * 3072 && set.labels.iter().all(|&label| label < 10))
        );
    }
}

/// A `config.json` beside weights, and a list of class names.
pub fn config(bytes: &[u8]) {
    let text = String::from_utf8_lossy(bytes);
    if let Some(names) = class_names(&text) {
        assert!(!names.is_empty());
    }
    told(Checkpoint::parse_with(weights(), Some(&text)));
}

/// A small network without a config, as safetensors.
fn weights() -> Vec<u8> {
    include_bytes!("seeds/safetensors/tiny.safetensors").to_vec()
}

/// The query of the page's address.
pub fn link(bytes: &[u8]) {
    let text = String::from_utf8_lossy(bytes);
    let (link, _) = Link::parse(&text);
    // What was understood is understood again.
    let again = Link::parse(&link.query()).0;
    assert_eq!(again.query(), link.query());
}

/// A picture: its header, its metadata, and where it is small its pixels.
pub fn picture(bytes: &[u8]) {
    let _ = is_svg(bytes);
    let small = stated_size(bytes).is_none_or(|(width, height)| width.saturating_mul(height) <= MOST_PIXELS);
    if let Some(info) = told(inspect(bytes))
        && small
        && info.width * info.height <= MOST_PIXELS
    {
        told(decode(bytes));
    }
}

/// What `torch.save` writes: a zip archive, or the old row of pickles.
pub fn pth(bytes: &[u8]) {
    // A pickle alone never gets far, so that it is tried as the object of a file of the old format too.
    let head = b"\x80\x02\x8a\x0al\xfc\x9cF\xf9 j\xa8P\x19.\x80\x02M\xe9\x03.\x80\x02}.";
    for file in [bytes.to_vec(), [&head[..], bytes, b"\x80\x02]."].concat()] {
        told(Checkpoint::parse(file));
    }
}

/// A result of the laboratory.
pub fn result(bytes: &[u8]) {
    let text = String::from_utf8_lossy(bytes);
    let _ = lab::is_result(&text);
    if let Some(result) = told(lab::read(&text)) {
        // What was read is written, and read again.
        let again = lab::read(&result.json()).unwrap_or_else(|error| panic!("{error}"));
        assert_eq!(again.json(), result.json());
        lab::csv(&[again]);
    }
}

/// The header of safetensors, whatever its length says: the bytes are the file, or the header, followed by zeros.
pub fn safetensors(bytes: &[u8]) {
    let mut file = (bytes.len() as u64).to_le_bytes().to_vec();
    file.extend_from_slice(bytes);
    file.resize(file.len() + 4096, 0);
    for file in [bytes.to_vec(), file] {
        told(Checkpoint::parse(file));
    }
}

/// The state of a run of training.
pub fn state(bytes: &[u8]) {
    if let Some(state) = told(TrainingState::parse(bytes, 1e-5)) {
        assert!(TrainingState::parse(&state.to_bytes(), 1e-5).is_ok());
    }
}
