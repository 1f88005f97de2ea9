//! Two networks that learn side by side, in the page: shapes that the test draws, a reload in the middle, and the networks that come
//! of it.

use std::fs;
use std::io::{Cursor, Write};
use std::path::{Path, PathBuf};

use cardinal::weights::Checkpoint;
use flate2::Compression;
use flate2::write::GzEncoder;
use image::{ImageFormat, Rgb, RgbImage};
use serde_json::json;

use crate::common::prng::Numbers;
use crate::common::tar::entry;
use crate::files::{made, made_folder};
use crate::visit::{Page, Visit, has_words};

const SHAPES: [&str; 3] = ["circle", "square", "triangle"];
const SIDE: u32 = 32;
/// Pictures of each shape; every tenth is one that the networks never learn from.
const EACH: usize = 60;

fn between(random: &mut Numbers, low: f32, high: f32) -> f32 {
    low + (high - low) * random.unit() as f32
}

fn colour(random: &mut Numbers, low: f32, high: f32) -> Rgb<u8> {
    Rgb([0; 3].map(|_: u8| between(random, low, high) as u8))
}

/// A light shape somewhere on a dark ground.
fn shape(kind: usize, random: &mut Numbers) -> RgbImage {
    let (x, y, r) = (between(random, 13.0, 19.0), between(random, 13.0, 19.0), between(random, 6.0, 10.0));
    let (ground, light) = (colour(random, 0.0, 90.0), colour(random, 150.0, 255.0));
    RgbImage::from_fn(SIDE, SIDE, |column, row| {
        let (dx, dy) = (column as f32 + 0.5 - x, row as f32 + 0.5 - y);
        let is_inside = match kind {
            0 => dx * dx + dy * dy < r * r,
            1 => dx.abs().max(dy.abs()) < 0.85 * r,
            _ => dy < 0.8 * r && dy > -r && dx.abs() < (dy + r) * 0.6,
        };
        if is_inside { light } else { ground }
    })
}

/// A folder with a folder of PNGs per shape, as many shapes as wanted.
fn folder(name: &str, shapes: usize, each: usize) -> PathBuf {
    let mut random = Numbers::from(7);
    let mut files = Vec::new();
    for (kind, shape_name) in SHAPES.iter().enumerate().take(shapes) {
        for place in 0..each {
            let mut file = Cursor::new(Vec::new());
            shape(kind, &mut random).write_to(&mut file, ImageFormat::Png).expect("a PNG");
            files.push((format!("{shape_name}/{place:03}.png"), file.into_inner()));
        }
    }
    made_folder(name, &files)
}

/// Drops a folder on the panel.
async fn drop_on_panel(page: &Page, folder: &Path) {
    let place = page
        .script(
            "const it = document.querySelector('#race-setup'); it.scrollIntoView({ block: 'center', behavior: 'instant' });
             const { x, y } = it.getBoundingClientRect(); return { x: x + 20, y: y + 10 }",
            vec![],
        )
        .await;
    let data = json!({ "items": [], "files": [folder.to_string_lossy()], "dragOperationsMask": 1 });
    for kind in ["dragEnter", "dragOver", "drop"] {
        let event = json!({ "type": kind, "x": place["x"], "y": place["y"], "data": data });
        page.tab.command("Input.dispatchDragEvent", event).await;
    }
}

/// Opens the panel and brings a folder of the visitor's own.
pub async fn bring(page: &Page, folder: &Path) {
    page.click("#race summary").await;
    page.wait_for(10, "#race-setup").await;
    page.click("#race-data [data-value=own]").await;
    page.wait_for(5, "#race-own").await;
    drop_on_panel(page, folder).await;
    page.wait_for(60, "#race-own[data-left=\"0\"]").await;
}

/// Folders of the shapes, enough to learn from.
pub fn shapes() -> PathBuf {
    folder("three shapes", 3, EACH)
}

pub async fn stage(page: &Page, seconds: u64, stage: &str) {
    page.wait(seconds, format_args!("document.querySelector('.race')?.dataset.stage === '{stage}'")).await;
}

const STEP: &str = "Number(document.querySelector('#race-controls progress').value)";

/// The share of test pictures that a network names correctly.
async fn share(page: &Page, network: &str) -> f64 {
    let counted = page.text(&format!("document.querySelector('[data-network={network}] .counted').innerText")).await;
    let mut numbers = counted.split(' ').filter_map(|word| word.parse::<f64>().ok());
    let (right, of) = (numbers.next().expect("right"), numbers.next().expect("of"));
    println!("{network}: {counted}");
    right / of
}

fn of_trainer(requests: &[String]) -> usize {
    requests.iter().filter(|url| url.contains("trainer")).count()
}

#[test]
fn shapes_are_learned_across_a_reload_and_the_network_comes_onto_the_page() {
    let shapes = shapes();
    Visit::new("?backend=cpu&runs=3").answers_only().run(async |page| {
        page.answer_to("Kitten").await;
        assert_eq!(of_trainer(&page.requests()), 0, "what trains is fetched when training is opened");
        bring(page, &shapes).await;
        assert!(of_trainer(&page.requests()) > 0);
        has_words(
            &page.text("document.getElementById('race-own').innerText").await,
            &["3 classes", "circle 60", "18 of them"],
        );
        page.click("#race-epochs [data-value=\"30\"]").await;
        page.click("#race [data-do=go]").await;
        stage(page, 30, "running").await;
        page.wait(60, format_args!("{STEP} >= 12")).await;
        // The page's own network answers beside it.
        page.click("[data-sample=\"cifar10/frog.png\"]").await;
        assert_eq!(page.answer_to("Frog").await[0].0, "frog");
        page.click("#race [data-do=pause]").await;
        stage(page, 20, "paused").await;
        let step = page.number(STEP).await;
        let pace = page.text("document.querySelector('[data-network=fewer] .meta').innerText").await;
        println!("paused after {step} steps at {pace}");
        assert!(pace.contains("pictures per second"), "{pace}");

        page.open("?backend=cpu&runs=3&open=race").await;
        page.wait_for(60, "#race-kept").await;
        let kept = page.text("document.getElementById('race-kept').innerText").await;
        has_words(&kept, &["180 pictures in 3 folders", &format!("step {step} of 480")]);
        page.click("#race [data-do=resume]").await;
        page.wait(30, format_args!("{STEP} >= {step}")).await;
        stage(page, 90, "done").await;
        println!("{}", page.text("document.querySelector('.race').innerText").await);
        let [fewer, more] = [share(page, "fewer").await, share(page, "more").await];
        assert!(fewer > 0.9 && more > 0.9, "{fewer}, {more}");

        let file = page
            .saved(
                "[data-network=more] [data-do=save]",
                "race",
                "resnext-11__8_groups__widths_24-48-104_f32.safetensors",
            )
            .await;
        let checkpoint = Checkpoint::parse(fs::read(&file).expect("it is there")).expect("it is whole");
        assert_eq!(checkpoint.config().cardinality, 8);
        assert_eq!(checkpoint.metadata().classes.as_deref().expect("names"), SHAPES);
        assert!(checkpoint.metadata().test_accuracy.is_some_and(|share| share > 0.9));
        page.click("[data-network=fewer] [data-do=use]").await;
        page.wait_for(30, "#page[data-model=file][data-state=ready]").await;
        page.drop_file(&shapes.join("square/009.png")).await;
        assert_eq!(page.answer_to("009.png").await[0].0, "square");
    });
}

/// CIFAR-10's archive in its binary version, with so few pictures that each class has one of each file.
fn archive() -> PathBuf {
    let mut random = Numbers::from(3);
    let mut record = |class: u8| {
        let planes = [0; 3].map(|_: u8| between(&mut random, 0.0, 255.0) as u8).map(|level| [level; 1024]);
        [&[class][..], planes.as_flattened()].concat()
    };
    let mut tar = entry("cifar-10-batches-bin/", b'5', &[]);
    for name in ["data_batch_1", "data_batch_2", "data_batch_3", "data_batch_4", "data_batch_5", "test_batch"] {
        let records: Vec<u8> = (0..10).flat_map(&mut record).collect();
        tar.extend(entry(&format!("cifar-10-batches-bin/{name}.bin"), b'0', &records));
    }
    tar.extend([0; 1024]);
    let mut packed = GzEncoder::new(Vec::new(), Compression::fast());
    packed.write_all(&tar).expect("memory");
    made("cifar-10-binary.tar.gz", &packed.finish().expect("memory"))
}

/// On the browser's GPU, which the page uses by itself where it has one.
#[test]
fn cifar10s_own_archive_is_trained_on_by_webgpu() {
    let (archive, other) = (archive(), made("cifar-10-other.tar.gz", b"\x1f\x8bno archive"));
    Visit::new("?backend=webgpu&runs=3").answers_only().run(async |page| {
        page.ready().await;
        page.click("#race summary").await;
        page.wait_for(10, "#race-setup").await;
        page.click("#race-data [data-value=own]").await;
        page.wait_for(5, "#race-archive").await;
        let told = "document.getElementById('race-own').innerText";
        page.choose_in("#race-archive", &other).await;
        page.wait(20, format_args!("{told}.includes('cifar-10-other.tar.gz')")).await;
        println!("{}", page.text(told).await);
        page.choose_in("#race-archive", &archive).await;
        page.wait(20, format_args!("{told}.includes('10 classes')")).await;
        println!("{}", page.text(told).await);
        page.click("#race-epochs [data-value=\"3\"]").await;
        page.click("#race [data-do=go]").await;
        stage(page, 60, "running").await;
        page.wait(120, format_args!("{STEP} >= 6")).await;
        let losses = page.text("document.querySelector('.race').innerText").await;
        println!("{losses}");
        page.click("#race [data-do=stop]").await;
        stage(page, 30, "stopped").await;
    });
}

#[test]
fn it_is_stopped_and_what_was_kept_is_forgotten() {
    let shapes = shapes();
    Visit::new("?backend=cpu&runs=3").answers_only().run(async |page| {
        page.ready().await;
        bring(page, &shapes).await;
        page.click("#race [data-do=go]").await;
        page.wait(60, format_args!("{STEP} >= 3")).await;
        page.click("#race [data-do=stop]").await;
        stage(page, 20, "stopped").await;
        let step = page.number(STEP).await;
        tokio::time::sleep(std::time::Duration::from_millis(500)).await;
        assert_eq!(page.number(STEP).await, step, "what is stopped rests");
        assert_eq!(page.text("document.querySelector('#race [data-do=pause]').disabled").await, "true");
        assert_eq!(page.text("document.querySelector('#race [data-do=go]').disabled").await, "false");
        page.open("?backend=cpu&runs=3&open=race").await;
        page.wait_for(30, "#race-setup").await;
        page.ready().await;
        assert_eq!(page.text("document.querySelector('#race-kept') === null").await, "true");
    });
}

#[test]
fn one_class_is_refused_in_words() {
    let one = folder("one shape", 1, 12);
    let few = folder("few shapes", 2, 4);
    Visit::new("?backend=cpu&runs=3").answers_only().run(async |page| {
        page.ready().await;
        bring(page, &one).await;
        let told = "document.getElementById('race-own').innerText";
        has_words(&page.text(told).await, &["1 class: circle 12", "two classes or more"]);
        assert_eq!(page.text("document.querySelector('#race [data-do=go]').disabled").await, "true");
        drop_on_panel(page, &few).await;
        page.wait(20, format_args!("{told}.includes('circle has too few')")).await;
        assert_eq!(page.text("document.querySelector('#race [data-do=go]').disabled").await, "true");
        assert_eq!(page.notices().await, Vec::<String>::new(), "the folder was the panel's, not the strip's");
    });
}
