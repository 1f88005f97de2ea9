//! The data files of the page: its parts of CIFAR-10, and the names of ImageNet's classes.

use std::collections::HashSet;
use std::fs;
use std::path::{Path, PathBuf};

use crate::common::sheet::{items, pictures};
use cardinal::image::{RgbImage, decode};
use cardinal::zoo::cifar10::{CLASSES, SIDE, TEST, TRAINING, bmp};
use cardinal::zoo::{labels, offline};
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

#[test]
fn each_part_of_cifar10_has_the_first_of_each_class_in_order() {
    let test = [(0, 3), (1, 8), (2, 8), (3, 0), (4, 6), (5, 6), (6, 1), (7, 6), (8, 3), (9, 1)];
    let training = [(0, 6), (1, 9), (2, 9), (3, 4), (4, 1), (5, 1), (6, 2), (7, 7), (8, 8), (9, 3)];
    for (part, per_class, begins) in [(TEST, 20, test), (TRAINING, 500, training)] {
        let items = items(&part);
        assert_eq!(items.len(), per_class * CLASSES.len(), "{}", part.list);
        assert!(items.is_sorted_by(|a, b| a.number < b.number), "{}", part.list);
        for (class, name) in CLASSES.iter().enumerate() {
            let of_class = items.iter().filter(|item| item.class == class).count();
            assert_eq!(of_class, per_class, "{name} in {}", part.list);
        }
        // A part starts like the whole set: no picture is left out until a class has all of its own.
        let first: Vec<(usize, usize)> = items[..10].iter().map(|item| (item.number, item.class)).collect();
        assert_eq!(first, begins, "{}", part.list);
        let sheet = decode(&read(part.path)).expect("a picture");
        let sides = (part.columns * SIDE, part.pictures / part.columns * SIDE);
        assert_eq!((sheet.width(), sheet.height()), sides, "{}", part.path);
    }
}

#[test]
fn a_visitor_waits_for_few_bytes_of_cifar10() {
    assert!(read(TEST.path).len() < 480_000);
    let bytes: usize =
        [TEST, TRAINING].iter().flat_map(|part| [part.path, part.list]).map(|path| read(path).len()).sum();
    assert!(bytes <= 6_000_000, "{bytes} bytes");
    // They are fetched when training opens, not before.
    let early = offline::files();
    assert!(early.contains(&TEST.path.to_owned()));
    assert!(![TRAINING.path, TRAINING.list].iter().any(|path| early.contains(&(*path).to_owned())));
}

#[test]
fn no_picture_is_trained_on_and_tested() {
    // The nearest two are 15.8 levels apart in the mean: pictures of different things.
    let near = 10 * (SIDE * SIDE * 3) as u32;
    let distance = |a: &[u8], b: &[u8]| a.iter().zip(b).map(|(a, b)| u32::from(a.abs_diff(*b))).sum::<u32>();
    // Most pairs differ by that much after a few rows.
    let are_near = |a: &[u8], b: &[u8]| {
        let mut rows = a.chunks_exact(SIDE * 3).zip(b.chunks_exact(SIDE * 3));
        rows.try_fold(0, |sum, (a, b)| Some(sum + distance(a, b)).filter(|&sum| sum < near)).is_some()
    };
    let mirrored = |picture: &RgbImage| -> Vec<u8> {
        picture.pixels().chunks_exact(SIDE * 3).flat_map(|row| row.rchunks_exact(3).flatten().copied()).collect()
    };
    let test: Vec<[Vec<u8>; 2]> =
        pictures(&TEST).iter().map(|picture| [picture.pixels().to_vec(), mirrored(picture)]).collect();
    for (index, picture) in pictures(&TRAINING).iter().enumerate() {
        let tested = test.iter().position(|both| both.iter().any(|one| are_near(one, picture.pixels())));
        assert_eq!(tested, None, "training picture {index} is a test picture");
    }
}

#[test]
fn the_readme_tells_the_sums_of_both_parts() {
    let readme = text("assets/README.md");
    for part in [TEST, TRAINING] {
        let pixels = pictures(&part).iter().flat_map(|picture| picture.pixels()).copied().collect();
        for (what, bytes) in [(part.path, read(part.path)), (part.list, read(part.list)), ("pixels", pixels)] {
            let sum: String = Sha256::digest(&bytes).iter().map(|byte| format!("{byte:02x}")).collect();
            assert!(readme.contains(&format!("| `{sum}` |")), "{what} has {sum}");
        }
    }
}

#[test]
fn a_cut_picture_is_a_file_of_the_same_pixels() {
    let pictures = pictures(&TEST);
    let rgba = decode(&read(TEST.path)).expect("a picture").to_rgba();
    for index in [0, 19, 20, 137, 199] {
        let decoded = decode(&bmp(&TEST.cut(&rgba, index).expect("on the sheet"))).expect("a picture");
        assert_eq!(decoded, pictures[index], "picture {index}");
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

/// What the manifest and index.html say of a picture is what it is.
#[test]
fn pictures_of_the_app_have_the_sizes_that_are_stated() {
    let manifest: serde_json::Value = serde_json::from_str(&text("manifest.webmanifest")).unwrap();
    let pictures = ["icons", "screenshots"].into_iter().flat_map(|list| manifest[list].as_array().unwrap());
    let mut seen = 0;
    for picture in pictures.filter(|picture| picture["type"] == "image/png") {
        let path = picture["src"].as_str().unwrap();
        let decoded = decode(&read(path)).unwrap();
        assert_eq!(format!("{}x{}", decoded.width(), decoded.height()), picture["sizes"].as_str().unwrap(), "{path}");
        seen += 1;
    }
    assert_eq!(seen, 4);
    let page = text("index.html");
    for named in ["manifest.webmanifest", "assets/app/social.png", "assets/app/icon-maskable-512.png"] {
        assert!(page.contains(named), "{named}");
    }
}
