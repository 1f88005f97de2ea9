//! The command-line example `teach`: its JSON, its text, the file that it writes, and its one-line errors.

use std::path::{Path, PathBuf};
use std::process::Output;
use std::rc::Rc;
use std::sync::LazyLock;

use crate::common::disk::{folder, text};
use crate::common::example;
use crate::common::sheet::{items, pictures};
use cardinal::classifier::{Classifier, Device, LoadOptions, Model};
use cardinal::image::{RgbImage, decode};
use cardinal::zoo::cifar10::{CLASSES, Item, SIDE, TEST};
use serde_json::{Value, json};

const WEIGHTS: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/assets/models/resnext20_8x8d_cifar10_f16.safetensors");

fn teach(args: &[&str]) -> Output {
    example::command("teach").args(["--backend", "cpu"]).args(args).output().unwrap()
}

fn asset(path: &str) -> Vec<u8> {
    std::fs::read(Path::new(env!("CARGO_MANIFEST_DIR")).join(path)).unwrap()
}

/// Puts the `nth` picture that the bundled sheet has of one of CIFAR-10's classes into the folder of a class.
fn put(classes: &Path, class: &str, of: &str, nth: usize) -> PathBuf {
    static PICTURES: LazyLock<Vec<(Item, RgbImage)>> =
        LazyLock::new(|| items(&TEST).into_iter().zip(pictures(&TEST)).collect());
    let mut of_class = PICTURES.iter().filter(|(item, _)| CLASSES[item.class] == of);
    let (_, picture) = of_class.nth(nth).expect("20 of each class");
    let folder = classes.join(class);
    std::fs::create_dir_all(&folder).unwrap();
    let path = folder.join(format!("{of} {nth:02}.png"));
    let side = SIDE as u32;
    image::RgbImage::from_raw(side, side, picture.pixels().to_vec()).unwrap().save(&path).unwrap();
    path
}

/// Classes that CIFAR-10 has in two parts each: what has wheels, what swims or flies by a motor, and pets.
fn classes_of_our_own(folder: &Path, pictures: usize) -> PathBuf {
    let classes = folder.join("classes");
    for nth in 0..pictures {
        for (class, parts) in
            [("on wheels", ["automobile", "truck"]), ("neither", ["airplane", "ship"]), ("pets", ["cat", "dog"])]
        {
            parts.iter().for_each(|of| drop(put(&classes, class, of, nth)));
        }
    }
    // What is hidden is no picture.
    std::fs::write(classes.join("pets").join(".DS_Store"), "nothing").unwrap();
    classes
}

#[test]
fn it_teaches_classes_of_folders_and_writes_a_network_that_knows_them() {
    let folder = folder("teach/taught");
    let classes = classes_of_our_own(&folder, 6);
    // A picture in the wrong folder: the others tell.
    let stray = put(&classes, "pets", "truck", 19);
    let out = folder.join("out.safetensors");
    let args = ["--weights", WEIGHTS, "--classes", text(&classes), "--out", text(&out)];
    let output = teach(&[&args[..], &["--json"]].concat());
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    let report: Value = serde_json::from_slice(&output.stdout).expect("one JSON object");
    println!("{report}");
    assert_eq!(report["classes"], json!(["neither", "on wheels", "pets"]));
    assert_eq!(report["pictures"], json!([12, 12, 13]));
    assert_eq!(
        (&report["backend"], &report["adapter"], &report["few_pictures"]),
        (&json!("cpu"), &Value::Null, &json!([]))
    );
    let wrong = report["wrong"].as_array().unwrap();
    let right = report["leave_one_out"].as_f64().unwrap();
    assert!((right - (1.0 - wrong.len() as f64 / 37.0)).abs() < 1e-9, "{report}");
    assert!(right > 0.85 && right < 1.0, "{report}");
    assert!(report["l2"].as_f64().unwrap() > 0.0 && report["ms"].as_f64().unwrap() > 0.0);
    let named = wrong.iter().find(|wrong| wrong["picture"] == json!(stray)).expect("the stray picture is named");
    assert_eq!((&named["class"], &named["taken_for"]), (&json!("pets"), &json!("on wheels")));

    // The text for people says the same.
    let output = teach(&args);
    let said = String::from_utf8_lossy(&output.stdout).into_owned();
    assert!(output.status.success() && said.contains("neither: 12 pictures\n"), "{said}");
    assert!(said.contains(&format!("leave-one-out: {} of 37 right", 37 - wrong.len())), "{said}");
    assert!(said.contains(&format!("  {}: pets, taken for on wheels (", stray.display())), "{said}");
    assert_eq!(said.lines().filter(|line| line.contains(", taken for ")).count(), wrong.len(), "{said}");

    // The file knows pictures that it has not been taught, and says what it is.
    pollster::block_on(async {
        let taught = Model::open("taught", Rc::new(std::fs::read(&out).unwrap()), None).await.expect("a network");
        let original =
            Model::open("original", Rc::new(asset("assets/models/resnext20_8x8d_cifar10_f16.safetensors")), None);
        let original = original.await.unwrap();
        assert_eq!(taught.labels().unwrap(), ["neither", "on wheels", "pets"]);
        assert_eq!(taught.preprocess(), original.preprocess());
        assert_eq!(taught.config().blocks, original.config().blocks);
        let metadata = taught.metadata().unwrap();
        assert_eq!((metadata.test_accuracy, &metadata.licence), (None, &original.metadata().unwrap().licence));
        let recipe = metadata.recipe.as_deref().unwrap();
        assert!(recipe.contains("fc by multinomial logistic regression on 37 pictures of 3 classes, L2 "), "{recipe}");
        let classifier = Classifier::load(&Device::Cpu, &taught, LoadOptions::default(), |_| {}).await.unwrap();
        let unseen = folder.join("unseen");
        let (mut right, mut all) = (0, 0);
        for nth in 10..15 {
            for (label, of) in [(0, "ship"), (0, "airplane"), (1, "automobile"), (1, "truck"), (2, "cat"), (2, "dog")] {
                let picture = decode(&std::fs::read(put(&unseen, "any", of, nth)).unwrap()).unwrap();
                let tensor = taught.preprocess().apply(&picture).unwrap().tensor;
                right += usize::from(classifier.classify(&tensor).await.unwrap().top_k[0].index == label);
                all += 1;
            }
        }
        println!("{right} of {all} unseen pictures");
        assert!(right * 10 >= all * 9, "{right} of {all}");
    });
}

#[test]
fn mistakes_are_one_line_and_nothing_is_written() {
    let folder = folder("teach/mistakes");
    let classes = classes_of_our_own(&folder, 1);
    let out = folder.join("out.safetensors");
    let refused = |classes: &Path, expected: &[&str]| {
        let output = teach(&["--weights", WEIGHTS, "--classes", text(classes), "--out", text(&out), "--json"]);
        let said = String::from_utf8_lossy(&output.stderr);
        assert_eq!(output.status.code(), Some(1), "{said}");
        assert!(said.starts_with("teach: ") && said.lines().count() == 1 && output.stdout.is_empty(), "{said}");
        assert!(expected.iter().all(|part| said.contains(part)), "{expected:?} expected, got {said}");
        assert!(!out.exists());
    };
    refused(&folder.join("nowhere"), &["nowhere: "]);
    refused(&classes.join("pets"), &["pets: expected a folder for each of two or more classes, got 0"]);
    let notes = classes.join("pets").join("notes.txt");
    let cut = classes.join("neither").join("cut.png");
    std::fs::write(&notes, "no picture").unwrap();
    std::fs::write(&cut, &std::fs::read(put(&folder.join("one"), "cats", "cat", 3)).unwrap()[..200]).unwrap();
    // Both at once, so that one look at the folders is enough.
    refused(&classes, &["remove what cannot be read: ", "notes.txt: ", "cut.png: "]);
    refused(&folder.join("one"), &["expected a folder for each of two or more classes, got 1"]);
    std::fs::create_dir(classes.join("nothing")).unwrap();
    refused(&classes, &["nothing: this class has no picture; add some, or remove the folder"]);
    [notes, cut].iter().for_each(|path| std::fs::remove_file(path).unwrap());
    std::fs::remove_dir(classes.join("nothing")).unwrap();
    let output = teach(&["--weights", "nowhere.safetensors", "--classes", text(&classes), "--out", text(&out)]);
    assert!(String::from_utf8_lossy(&output.stderr).starts_with("teach: nowhere.safetensors: "));
    assert_eq!(teach(&["--weights", WEIGHTS, "--classes", text(&classes)]).status.code(), Some(2), "no --out");

    // Two pictures per class are few, and it says so and goes on.
    let output = teach(&["--weights", WEIGHTS, "--classes", text(&classes), "--out", text(&out)]);
    let said = String::from_utf8_lossy(&output.stdout);
    assert!(output.status.success() && said.contains("pets has few pictures (2): 5 or more are better"), "{said}");
    assert!(out.exists());
}
