//! The npm package in pages that are not Cardinal's: the examples, made with what `npm pack` packs, answer as the library does
//! natively; what goes wrong has its code.

use std::fs;
use std::path::PathBuf;
use std::rc::Rc;
use std::sync::OnceLock;

use cardinal::classifier::{Classifier, Device, LoadOptions, Model};
use cardinal::image::decode;
use cardinal::plan::PlanKind;
use serde_json::Value;

use crate::browser::given;
use crate::files::ours;
use crate::hosts::hub::Hub;
use crate::visit::{Page, Visit};
use crate::weights::resnext50;

const WEIGHTS: &str = "assets/models/resnext20_8x8d_cifar10_f16.safetensors";
/// A picture whose pixels every decoder agrees on.
const PICTURE: &str = "tests/data/preprocess/decode/rgb.png";
/// A network as PyTorch saves it in training.
const CHECKPOINT: &str = "tests/data/pth/2.15/checkpoint.pth";
const SCRIPT: &str = include_str!("package.js");
/// A worker that dies with every picture.
const DIES_OF_PICTURES: &str = "
    self.createImageBitmap = () => {
        setTimeout(() => { throw new Error('boom') });
        return new Promise(() => {});
    };
";

/// A worker that tells of every picture that it decodes, and takes a while for it.
const SLOW: &str = "
    const decode = self.createImageBitmap.bind(self);
    const decoded = new BroadcastChannel('decoded');
    self.createImageBitmap = async (...all) => {
        decoded.postMessage(null);
        await new Promise((resolve) => setTimeout(resolve, 50));
        return decode(...all);
    };
";

/// What the library says natively.
struct Native {
    /// Names and probabilities, the most likely first.
    top: Vec<(String, f64)>,
    /// The maps of the classes 3 and 5.
    maps: Vec<f32>,
    features: Vec<f32>,
}

fn natively() -> Native {
    pollster::block_on(async {
        let model = Model::open("shipped", Rc::new(fs::read(ours(WEIGHTS)).unwrap()), None).await.unwrap();
        let picture = decode(&fs::read(ours(PICTURE)).unwrap()).unwrap();
        let tensor = model.preprocess().apply(&picture).unwrap().tensor;
        let options = LoadOptions::from(PlanKind::Fused).with_features();
        let classifier = Classifier::load(&Device::Cpu, &model, options, |_| {}).await.unwrap();
        let seen = classifier.classify(&tensor).await.unwrap();
        let maps = classifier.class_activation(seen.run, &[3, 5]).await.unwrap().expect("it has a head").values;
        let labels = model.labels().expect("names");
        let mut top: Vec<(String, f64)> =
            labels.iter().cloned().zip(seen.probabilities.iter().map(|&share| f64::from(share))).collect();
        top.sort_by(|(_, a), (_, b)| b.total_cmp(a));
        Native { top, maps, features: seen.features().to_vec() }
    })
}

/// A page of the folder with the examples, into which the test puts weights, a picture and an empty page.
fn visit(path: &str) -> Visit {
    static READY: OnceLock<()> = OnceLock::new();
    READY.get_or_init(|| {
        let site: PathBuf = given("CARDINAL_PACKAGE");
        let put = |name: &str, bytes: &[u8]| fs::write(site.join(name), bytes).unwrap();
        fs::create_dir_all(site.join("weights")).unwrap();
        let weights = fs::read(ours(WEIGHTS)).unwrap();
        put("weights/cifar10.safetensors", &weights);
        put("weights/damaged.safetensors", &weights[..weights.len() / 2]);
        // The last value is infinite in f16.
        put("weights/infinite.safetensors", &[&weights[..weights.len() - 2], &[0x00, 0x7c]].concat());
        put("weights/checkpoint.pth", &fs::read(ours(CHECKPOINT)).unwrap());
        put("weights/kitten.jpg", &fs::read(ours("assets/samples/kitten.jpg")).unwrap());
        put("weights/picture.png", &fs::read(ours(PICTURE)).unwrap());
        put("plain/picture.png", &fs::read(ours(PICTURE)).unwrap());
        put("empty.html", b"<!doctype html><html lang=en><title>Empty</title><link rel=icon href='data:,'>");
    });
    // Nothing describes the weights, and some files are not there.
    Visit::of("CARDINAL_PACKAGE", path).forgives("404")
}

async fn runs(page: &Page, call: &str) -> Value {
    page.script(&format!("{SCRIPT}\nreturn {call}"), vec![]).await
}

fn numbers(value: &Value) -> Vec<f64> {
    value.as_array().expect("numbers").iter().map(|one| one.as_f64().expect("a number")).collect()
}

fn near(found: &Value, native: &[f32], what: &str) {
    let found = numbers(found);
    assert_eq!(found.len(), native.len(), "{what}");
    let most = native.iter().fold(0.0_f64, |most, &value| most.max(f64::from(value).abs()));
    for (found, &native) in found.iter().zip(native) {
        assert!((found - f64::from(native)).abs() <= 1e-4 * most, "{what}: {found}, and natively {native}");
    }
}

#[test]
fn both_examples_answer_as_the_library() {
    let Native { top, .. } = natively();
    let expected: Vec<String> =
        top[..5].iter().map(|(label, share)| format!("{label}: {:.1} %", 100.0 * share)).collect();
    for (page, weights) in [("plain/index.html", "../weights"), ("vite/dist/index.html", "../../weights")] {
        visit(&format!("{page}?model={weights}/cifar10.safetensors")).run(async |page| {
            page.wait(60, "!document.getElementById('picture').disabled").await;
            page.choose_in("#picture", &ours(PICTURE)).await;
            page.wait_for(30, "#answer li:nth-child(5)").await;
            assert_eq!(
                page.list("document.querySelectorAll('#answer li'), (item) => item.textContent").await,
                expected
            );
            assert!(page.text("document.getElementById('state').textContent").await.ends_with("on cpu"));
        });
    }
}

#[test]
fn every_kind_of_picture_has_the_librarys_answer_on_both_devices() {
    let native = natively();
    for device in ["undefined", "'cpu'", "'webgpu'"] {
        visit("empty.html").run(async |page| {
            let found = runs(page, &format!("answers({device})")).await;
            assert_eq!(found["at"], if device == "'webgpu'" { "webgpu" } else { "cpu" }, "the GPU is emulated");
            assert_eq!(found["bitmapIsWhole"], true, "the caller's pixels stay the caller's");
            assert!(found["steps"].as_array().expect("steps").contains(&"download".into()), "{}", found["steps"]);
            let tops = found["tops"].as_array().expect("answers");
            assert_eq!(tops.len(), 7);
            for (kind, top) in tops.iter().enumerate() {
                for (place, (label, share)) in native.top.iter().enumerate() {
                    assert_eq!(top[place]["label"], *label, "kind {kind}: {top}");
                    let found = top[place]["probability"].as_f64().expect("a number");
                    assert!((found - share).abs() < 1e-4, "kind {kind}: {found}, and natively {share}");
                }
            }
            assert_ne!(found["other"], tops[0], "the blank picture has its own answer");
            let maps = found["maps"].as_array().expect("maps");
            let plane = native.maps.len() / 2;
            for (place, (index, label)) in [(3, "cat"), (5, "dog")].into_iter().enumerate() {
                assert_eq!((&maps[place]["index"], &maps[place]["label"]), (&index.into(), &label.into()));
                near(&maps[place]["values"], &native.maps[place * plane..][..plane], "the map");
            }
            assert_eq!(maps[0]["width"], maps[0]["height"]);
            assert_eq!(found["best"][0], tops[0][0]["index"]);
            near(&found["features"], &native.features, "the features");
            assert_eq!(found["check"]["passed"], true, "{}", found["check"]);
            let kernels = found["check"]["kernels"].as_array().expect("kernels").len();
            assert_eq!(kernels > 0, device == "'webgpu'", "{kernels} kernels on {device}");
        });
    }
}

#[test]
fn what_goes_wrong_has_its_code() {
    visit("empty.html").run(async |page| {
        let found = runs(page, "mistakes()").await;
        println!("{found:#}");
        for (what, code) in [
            ("name", "argument"),
            ("device", "argument"),
            ("missing", "network"),
            ("damaged", "format"),
            ("noWeights", "format"),
            ("infinite", "format"),
            ("abortedBefore", "aborted"),
            ("abortedLoad", "aborted"),
            ("text", "picture"),
            ("number", "argument"),
            ("gone", "network"),
            ("topK", "argument"),
            ("class", "argument"),
            ("lesson", "lesson"),
            ("abortedCall", "aborted"),
            ("closedUnderWay", "closed"),
            ("closed", "closed"),
        ] {
            let told = found[what].as_str().unwrap_or_default();
            assert_eq!(told.split('|').next(), Some(code), "{what}: {told}");
        }
        assert_eq!(found["besideIt"], 5, "an aborted call leaves the others alone");
        assert_eq!(found["class"], "argument|0 to 9|10");
        let bytes = fs::metadata(ours(WEIGHTS)).unwrap().len();
        assert_eq!(found["damaged"], format!("format|{bytes} bytes|{} bytes", bytes / 2));
    });
}

#[test]
fn a_worker_that_dies_is_told_to_all_that_wait() {
    visit("empty.html").worker_script(DIES_OF_PICTURES).forgives("boom").run(async |page| {
        for told in runs(page, "death()").await.as_array().expect("codes") {
            assert_eq!(told.as_str().and_then(|told| told.split('|').next()), Some("worker"));
        }
    });
}

#[test]
fn classes_of_its_own_are_learned_and_answered() {
    visit("empty.html").run(async |page| {
        let found = runs(page, "taught()").await;
        assert_eq!(found["answers"], serde_json::json!(["red", "blue", "grey"]), "{found:#}");
        assert_eq!((&found["accuracy"], &found["classes"]), (&1.into(), &3.into()), "{found:#}");
        assert_eq!(found["again"], serde_json::json!(["red", "blue", "grey"]));
        assert_eq!(found["leftOut"].as_array().map(Vec::len), Some(8));
        let refused = &found["refused"];
        assert_eq!((&refused[0]["class"], &refused[0]["index"]), (&"red".into(), &4.into()), "{refused}");
    });
}

#[test]
fn a_lesson_that_is_given_up_is_ended_in_the_worker() {
    visit("empty.html").worker_script(SLOW).run(async |page| {
        let found = runs(page, "givenUp()").await;
        println!("{found}");
        assert_eq!((&found["told"], &found["labels"]), (&"aborted||".into(), &10.into()), "{found}");
        let known = ["airplane", "automobile", "bird", "cat", "deer", "dog", "frog", "horse", "ship", "truck"];
        let answers = found["labelsLate"].as_array().expect("labels").iter().filter_map(|label| label.as_str());
        let answers: Vec<&str> = answers.collect();
        assert_eq!((&found["toldLate"], answers.len()), (&"aborted||".into(), 5), "{found}");
        assert!(answers.iter().all(|label| known.contains(label)), "it answers as before: {answers:?}");
        let (before, more) = (found["before"].as_u64().unwrap(), found["more"].as_u64().unwrap());
        assert!(before >= 2 && more <= 1, "at most one picture was under way: {before}, then {more} more");
        assert_eq!(found["again"], serde_json::json!(["one", "two"]));
    });
}

#[test]
fn a_file_of_pytorchs_has_the_librarys_features() {
    let native: Vec<f32> = pollster::block_on(async {
        let model = Model::open("checkpoint", Rc::new(fs::read(ours(CHECKPOINT)).unwrap()), None).await.unwrap();
        let picture = decode(&fs::read(ours(PICTURE)).unwrap()).unwrap();
        let tensor = model.preprocess().apply(&picture).unwrap().tensor;
        let options = LoadOptions::from(PlanKind::Fused).with_features();
        let classifier = Classifier::load(&Device::Cpu, &model, options, |_| {}).await.unwrap();
        classifier.classify(&tensor).await.unwrap().features().to_vec()
    });
    visit("empty.html").run(async |page| {
        let found = runs(page, "ofPytorch('checkpoint.pth')").await;
        near(&found, &native, "the features");
    });
}

#[test]
fn a_network_on_offer_comes_from_its_host_with_imagenets_names() {
    let hub = Hub::open();
    hub.keep("timm/resnext50_32x4d.tv2_in1k", resnext50(), None);
    visit("empty.html").asks(&hub).run(async |page| {
        let found = runs(page, &format!("offered('{}')", hub.host)).await;
        let facts = (&found["title"], &found["side"], &found["labels"][0], &found["labels"][999]);
        let expected = (&"ResNeXt-50 32×4d".into(), &224.into(), &"tench".into(), &"toilet tissue".into());
        assert_eq!(facts, expected, "{found:#}");
        let best = found["top"][0]["index"].as_u64().expect("an index") as usize;
        assert_eq!(found["top"][0]["label"], found["labels"][best]);
        assert_eq!(hub.ranges().len(), 1, "one download");
    });
}

#[test]
fn a_video_and_its_frames_are_answered_as_the_picture_that_they_show() {
    visit("empty.html").run(async |page| {
        let found = runs(page, "moving()").await;
        println!("{found:#}");
        for (kind, most) in [("frame", 0.02), ("video", 0.1)] {
            assert_eq!(found[kind]["label"], found["canvas"]["label"], "{kind}");
            let share = |kind: &str| found[kind]["probability"].as_f64().expect("a number");
            assert!((share(kind) - share("canvas")).abs() < most, "{kind}: {}", share(kind));
        }
        assert_eq!((&found["frameIsOpen"], &found["empty"]), (&true.into(), &"picture||".into()));
    });
}

#[test]
fn the_element_shows_an_answer() {
    let Native { top, .. } = natively();
    let expected: Vec<String> =
        top[..3].iter().map(|(label, share)| format!("{label}, {:.0} %", 100.0 * share)).collect();
    visit("plain/element.html").run(async |page| {
        let lines = "document.querySelector('cardinal-classifier').shadowRoot.querySelectorAll('[part=answer] > div')";
        page.wait(60, format_args!("{lines}.length === 3")).await;
        assert_eq!(page.list(&format!("{lines}, (line) => line.textContent")).await, expected);
        // What cannot be shown is said, and the next picture has its answer.
        page.script("document.querySelector('cardinal-classifier').setAttribute('src', 'none.png')", vec![]).await;
        page.wait(30, "document.querySelector('cardinal-classifier').shadowRoot.textContent.includes('none.png')")
            .await;
        page.script("document.querySelector('cardinal-classifier').setAttribute('src', 'picture.png')", vec![]).await;
        page.wait(30, format_args!("{lines}.length === 3")).await;
    });
}
