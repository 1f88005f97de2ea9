//! The pictures that people really have: the page sees and answers what the command line does.

use std::path::{Path, PathBuf};

use cardinal::classifier::{Device, Engine, preprocess, top_k};
use cardinal::image::{Prepared, decode};
use cardinal::model::{BlockForm, Graph};
use cardinal::plan::{LOGITS, PROBABILITIES, Plan, PlanOptions};
use cardinal::weights::Checkpoint;

use crate::files::{name, ours};
use crate::visit::{Page, Visit};

const SHIPPED: &str = "assets/models/resnext20_8x8d_cifar10_f16.safetensors";

/// The files of the field, in the order of their names.
fn pictures() -> Vec<PathBuf> {
    let folder = ours("tests/data/field/pictures/plain.png").parent().expect("a folder").to_path_buf();
    let entries = std::fs::read_dir(folder).expect("it is there");
    let mut files: Vec<_> = entries.map(|entry| entry.expect("an entry").path()).collect();
    files.sort();
    files
}

/// What the network sees of a file natively, or why it is refused.
fn seen(checkpoint: &Checkpoint<Vec<u8>>, bytes: &[u8]) -> Result<Prepared, String> {
    let picture = decode(bytes).map_err(|error| error.to_string())?;
    preprocess(checkpoint.metadata()).apply(&picture).map_err(|error| error.to_string())
}

/// The likeliest class of it natively, and its probability.
async fn answer(checkpoint: &Checkpoint<Vec<u8>>, prepared: &Prepared) -> (String, f64) {
    let side = preprocess(checkpoint.metadata()).crop;
    let graph = Graph::build(checkpoint.config(), 1, (side, side), BlockForm::C).expect("a graph");
    let plan = Plan::new(graph, PlanOptions::default()).expect("a plan");
    let engine = Engine::build(&Device::Cpu, plan, checkpoint, &|_| {}).await.expect("an engine");
    let run = engine.run(&prepared.tensor).await.expect("a run");
    assert!(!run.outputs.values(LOGITS).is_empty());
    let (class, share) = top_k(run.outputs.values(PROBABILITIES), 1)[0];
    let labels = checkpoint.metadata().classes.as_deref().expect("class names");
    (labels[class].clone(), f64::from(share))
}

/// What the page's network sees, in grey levels.
async fn seen_on_page(page: &Page) -> Vec<u8> {
    let copy = "const copy = new OffscreenCanvas(32, 32).getContext('2d', { willReadFrequently: true });
        copy.drawImage(document.querySelector('#saw canvas'), 0, 0);
        return Array.from(copy.getImageData(0, 0, 32, 32).data).filter((_, at) => at % 4 < 3)";
    let levels = page.script(copy, vec![]).await;
    levels.as_array().expect("levels").iter().map(|level| level.as_u64().expect("a level") as u8).collect()
}

/// The mean level of the picture that is shown, over white, and how much wider than high it and its frame of the crop are.
async fn shown_on_page(page: &Page) -> (f64, f64, f64) {
    page.wait(5, "document.querySelector('.frame img')?.complete").await;
    let mean = "const copy = new OffscreenCanvas(32, 32).getContext('2d', { willReadFrequently: true });
        copy.fillStyle = 'white'; copy.fillRect(0, 0, 32, 32); copy.imageSmoothingQuality = 'high';
        const img = document.querySelector('.frame img'); copy.drawImage(img, 0, 0, 32, 32);
        const levels = [...copy.getImageData(0, 0, 32, 32).data].filter((_, at) => at % 4 < 3);
        const crop = document.querySelector('.crop').viewBox.baseVal;
        return [levels.reduce((a, b) => a + b) / levels.length, img.naturalWidth / img.naturalHeight, crop.width / crop.height]";
    let numbers = page.script(mean, vec![]).await;
    let number = |at: usize| numbers[at].as_f64().expect("a number");
    (number(0), number(1), number(2))
}

/// Browsers make something else of some files: what is shown is what was decoded.
#[test]
fn the_picture_in_the_frame_is_the_one_that_the_network_gets() {
    let files = pictures();
    let natively = |file: &Path| {
        let picture = decode(&std::fs::read(file).expect("it is there")).ok()?;
        let levels = picture
            .to_rgba()
            .chunks(4)
            .flat_map(|pixel| [pixel[0], pixel[1], pixel[2]])
            .map(f64::from)
            .collect::<Vec<_>>();
        Some(levels.iter().sum::<f64>() / levels.len() as f64)
    };
    Visit::new("?backend=cpu&runs=3").answers_only().run(async |page| {
        page.answer_to("Kitten").await;
        let mut wrong = Vec::new();
        for file in files {
            let Some(expected) = natively(&file) else { continue };
            page.drop_file(&file).await;
            page.answer_to(name(&file)).await;
            let (mean, shape, crop) = shown_on_page(page).await;
            if (mean - expected).abs() > 12.0 || (shape / crop - 1.0).abs() > 0.05 {
                wrong.push(format!(
                    "{}: mean {mean:.0}, natively {expected:.0}; shape {shape:.2}, crop {crop:.2}",
                    name(&file)
                ));
            }
        }
        assert!(wrong.is_empty(), "{wrong:#?}");
    });
}

#[test]
fn page_and_command_line_agree_on_every_picture() {
    let weights = std::fs::read(ours(SHIPPED)).expect("the shipped weights");
    let checkpoint = Checkpoint::parse(weights).expect("they are whole");
    let mut files = pictures();
    // Those that only some programs read have tests of their own.
    files.retain(|file| !name(file).starts_with("other_"));
    assert!(files.len() > 35, "{files:?}");
    Visit::new("?backend=cpu&runs=3").answers_only().run(async |page| {
        let mut before = page.answer_to("Kitten").await;
        for file in files {
            let name = name(&file);
            page.drop_file(&file).await;
            match seen(&checkpoint, &std::fs::read(&file).expect("it is there")) {
                Ok(prepared) => {
                    let top = page.answer_to(name).await;
                    let here = seen_on_page(page).await;
                    let pairs = here.iter().zip(prepared.seen.pixels());
                    let far = pairs.map(|(here, there)| here.abs_diff(*there)).max().expect("levels");
                    let (label, share) = answer(&checkpoint, &prepared).await;
                    println!("{name}: {label} {share:.3}, {far} grey levels apart");
                    // JPEG decoders differ in their rounding, and in how they widen the colours.
                    assert!(far <= if name.ends_with(".jpg") { 6 } else { 1 }, "{name}: {far} levels apart");
                    assert_eq!(top[0].0, label, "{name}");
                    assert!((top[0].1 - share).abs() < 0.03, "{name}: {top:?} here, {share} there");
                    before = top;
                }
                Err(reason) => {
                    page.wait_for(20, "#notices .notice").await;
                    let notices = page.notices().await;
                    assert!(notices[0].contains(&reason), "{name}: {notices:?} here, {reason} there");
                    assert_eq!(page.top().await, before, "{name}: the last answer stays");
                    page.click("#notices .notice button").await;
                    page.wait(5, "!document.querySelector('#notices .notice')").await;
                }
            }
        }
    });
}
