//! `train --data bundled`: the pictures that come with the page are trained on like CIFAR-10's own files.

use std::path::Path;

use cardinal::image::RgbImage;
use cardinal::weights::Checkpoint;
use cardinal::zoo::cifar10::{Item, Sheet, TEST, TRAINING};
use safetensors::SafeTensors;
use serde_json::Value;

use super::example::{train, write_config};
use crate::common::disk::{folder, text};
use crate::common::sheet::{items, pictures};

/// The pictures of a sheet in CIFAR-10's binary layout: a label byte, then three planes.
fn records(sheet: &Sheet) -> Vec<u8> {
    let record = |(item, picture): (Item, RgbImage)| {
        let plane = |channel: usize| picture.pixels().iter().skip(channel).step_by(3).copied().collect::<Vec<u8>>();
        [vec![item.class as u8], plane(0), plane(1), plane(2)].concat()
    };
    items(sheet).into_iter().zip(pictures(sheet)).flat_map(record).collect()
}

#[test]
fn the_bundled_pictures_are_trained_on_as_cifar10s_own_files() {
    let folder = folder("train/bundled");
    let files = folder.join("files");
    std::fs::create_dir_all(&files).unwrap();
    std::fs::write(files.join("data_batch_1.bin"), records(&TRAINING)).unwrap();
    std::fs::write(files.join("test_batch.bin"), records(&TEST)).unwrap();
    let config = write_config(&folder);
    let [bundled, own] = ["bundled.safetensors", "own.safetensors"].map(|name| folder.join(name));
    let run = |data: &str, out: &Path, more: &[&str]| -> Value {
        let mut args = vec!["--config", text(&config), "--data", data, "--out", text(out), "--json"];
        args.extend(["--epochs", "2", "--per-class", "20", "--batch-size", "50"]);
        args.extend(more);
        let output = train(&args);
        assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
        serde_json::from_slice(&output.stdout).expect("one JSON object")
    };

    let first = run("bundled", &bundled, &["--until", "1"]);
    assert_eq!(first["finished"], false);
    let here = run("bundled", &bundled, &[]);
    let there = run(&format!("cifar10:{}", text(&files)), &own, &[]);
    for epoch in 0..2 {
        for what in ["loss", "test"] {
            assert_eq!(here["epochs"][epoch][what], there["epochs"][epoch][what], "{what} of epoch {epoch}");
        }
    }
    assert!(here["epochs"][1]["test"].is_f64());
    let [bundled, own] = [bundled, own].map(|path| std::fs::read(path).unwrap());
    let [ours, theirs] = [&bundled, &own].map(|bytes| SafeTensors::deserialize(bytes).unwrap());
    for (key, tensor) in theirs.tensors() {
        assert!(ours.tensor(&key).unwrap().data() == tensor.data(), "{key} differs");
    }
    // The file says what it was trained on.
    let written = Checkpoint::parse(bundled).unwrap();
    let dataset = written.metadata().dataset.as_deref();
    assert_eq!(dataset, Some("CIFAR-10, 5000 training and 200 test pictures"));
    assert_eq!(written.metadata().classes.as_ref().unwrap()[9], "truck");
}
