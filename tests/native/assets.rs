//! The data files of the page: the sample of CIFAR-10's test set, and the names of ImageNet's classes.

use std::collections::HashSet;
use std::fs;
use std::path::{Path, PathBuf};

use cardinal::image::{RgbImage, decode};
use cardinal::zoo::labels;
use cardinal::zoo::test_set::{self, CLASSES, COLUMNS, Item, PICTURES, SIDE};
use sha2::{Digest, Sha256};

fn ours(path: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join(path)
}

fn read(path: &str) -> Vec<u8> {
    fs::read(ours(path)).unwrap_or_else(|error| panic!("{path}: {error}"))
}

fn text(path: &str) -> String {
    String::from_utf8(read(path)).expect("UTF-8")
}

fn sheet() -> RgbImage {
    decode(&read(test_set::SHEET)).expect("a picture")
}

fn items() -> Vec<Item> {
    test_set::parse(&text(test_set::LIST)).expect("a number and a class per line")
}

fn rgb(rgba: &[u8]) -> Vec<u8> {
    rgba.chunks_exact(4).flat_map(|pixel| [pixel[0], pixel[1], pixel[2]]).collect()
}

#[test]
fn the_sample_has_twenty_of_each_class_in_order() {
    let items = items();
    assert_eq!(items.len(), PICTURES);
    assert!(items.is_sorted_by_key(|item| item.number));
    for (class, name) in CLASSES.iter().enumerate() {
        let of_class = items.iter().filter(|item| item.class == class).count();
        assert_eq!(of_class, PICTURES / CLASSES.len(), "{name}");
    }
    // The sample starts like the test set: no picture is left out until a class has its twenty.
    let first: Vec<(usize, usize)> = items[..10].iter().map(|item| (item.number, item.class)).collect();
    assert_eq!(first, [(0, 3), (1, 8), (2, 8), (3, 0), (4, 6), (5, 6), (6, 1), (7, 6), (8, 3), (9, 1)]);
    let sheet = sheet();
    assert_eq!((sheet.width(), sheet.height()), (COLUMNS * SIDE, PICTURES / COLUMNS * SIDE));
    assert!(read(test_set::SHEET).len() < 480_000, "a visitor waits for it");
}

#[test]
fn the_readme_tells_the_sums_of_the_sample() {
    let readme = text("assets/README.md");
    let rgba = sheet().to_rgba();
    let pixels = (0..PICTURES).flat_map(|index| rgb(&test_set::cut(&rgba, index).expect("on the sheet"))).collect();
    let all = [(test_set::SHEET, read(test_set::SHEET)), (test_set::LIST, read(test_set::LIST)), ("pixels", pixels)];
    for (what, bytes) in all {
        let sum: String = Sha256::digest(&bytes).iter().map(|byte| format!("{byte:02x}")).collect();
        assert!(readme.contains(&format!("| `{sum}` |")), "{what} has {sum}");
    }
}

#[test]
fn a_cut_picture_is_a_file_of_the_same_pixels() {
    let rgba = sheet().to_rgba();
    for index in [0, 19, 20, 137, 199] {
        let pixels = test_set::cut(&rgba, index).expect("on the sheet");
        let decoded = decode(&test_set::bmp(&pixels)).expect("a picture");
        assert_eq!((decoded.width(), decoded.height()), (SIDE, SIDE));
        assert_eq!(decoded.pixels(), rgb(&pixels), "picture {index}");
    }
}

#[test]
fn imagenets_labels_are_a_thousand_different_ones() {
    let labels = labels::parse(&text(labels::IMAGENET));
    assert_eq!((labels.len(), text(labels::IMAGENET).lines().count()), (1000, 1000));
    let different: HashSet<String> = labels.iter().map(|label| label.to_lowercase()).collect();
    assert_eq!(different.len(), 1000);
    // Lists of these classes differ in their words but agree on these entries.
    let known = [
        (0, "tench"),
        (1, "goldfish"),
        (134, "crane (bird)"),
        (207, "golden retriever"),
        (281, "tabby"),
        (388, "giant panda"),
        (463, "bucket"),
        (517, "crane (machine)"),
        (609, "jeep"),
        (638, "maillot (tights)"),
        (639, "maillot (swimsuit)"),
        (817, "sports car"),
        (949, "strawberry"),
        (999, "toilet tissue"),
    ];
    for (index, label) in known {
        assert_eq!(labels[index], label, "class {index}");
    }
    let bracketed = labels.iter().filter(|label| label.ends_with(')')).count();
    assert!(text("assets/README.md").contains(&format!("{bracketed} of them")), "{bracketed} have a word in brackets");
}
