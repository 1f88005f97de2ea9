//! The map over the picture: it is that of the native engine, lies where it belongs, and goes again.

use std::rc::Rc;

use cardinal::classifier::{Classifier, Device, Model};
use cardinal::image::decode;
use cardinal::plan::PlanKind;
use cardinal::protocol::OCCLUSION_SIDE;

use crate::browser::Key;
use crate::files::{name, ours};
use crate::visit::{DESKTOP, PHONE, Page, Visit};

/// A picture whose pixels every decoder agrees on.
const PICTURE: &str = "tests/data/preprocess/decode/rgb.png";

/// The shipped network on the CPU, here, and the tensor of [`PICTURE`].
async fn natively() -> (Classifier, Vec<f32>) {
    let file = std::fs::read(ours("assets/models/resnext20_8x8d_cifar10_f16.safetensors")).unwrap();
    let model = Model::open("shipped", Rc::new(file), None).await.unwrap();
    let picture = decode(&std::fs::read(ours(PICTURE)).unwrap()).unwrap();
    let tensor = model.preprocess().apply(&picture).unwrap().tensor;
    let classifier = Classifier::load(&Device::Cpu, &model, PlanKind::Fused, |_| {}).await.unwrap();
    (classifier, tensor)
}

async fn shows(page: &Page, place: usize, kind: &str) -> Vec<f64> {
    page.wait_for(30, &format!("#map[data-place=\"{place}\"][data-kind={kind}][data-complete=true]")).await;
    let values = page.attribute("#map", "data-values").await;
    values.split(' ').map(|value| value.parse().expect("a number")).collect()
}

fn peak(values: &[f64]) -> usize {
    (0..values.len()).max_by(|&a, &b| values[a].total_cmp(&values[b])).expect("a map")
}

fn same(page: &[f64], native: &[f32]) {
    assert_eq!(page.len(), native.len());
    let most = native.iter().fold(0.0_f64, |most, &value| most.max(f64::from(value).abs()));
    for (page, &native) in page.iter().zip(native) {
        assert!((page - f64::from(native)).abs() <= 1e-4 * most, "{page}, and natively {native}");
    }
    let native: Vec<f64> = native.iter().map(|&value| f64::from(value)).collect();
    assert_eq!(peak(page), peak(&native));
}

#[test]
fn the_map_of_a_class_is_the_native_engines() {
    let (native, second) = pollster::block_on(async {
        let (classifier, tensor) = natively().await;
        let answer = classifier.classify(&tensor).await.unwrap();
        let best: Vec<usize> = answer.top_k.iter().map(|best| best.index).collect();
        let maps = classifier.class_activation(answer.run, &best).await.unwrap().expect("it has a head");
        let plane = maps.shape.h * maps.shape.w;
        (maps.values[..plane].to_vec(), maps.values[plane..2 * plane].to_vec())
    });
    for backend in ["cpu", "webgpu"] {
        Visit::new(format!("?backend={backend}&runs=3")).answers_only().run(async |page| {
            page.ready().await;
            page.drop_file(&ours(PICTURE)).await;
            page.answer_to(name(&ours(PICTURE))).await;
            assert_eq!(
                page.text("String(document.querySelector('#map, #map-panel'))").await,
                "null",
                "nobody has asked"
            );
            // The focus shows a map for as long as it stays, a click keeps it.
            page.script("document.querySelectorAll('.guess')[1].focus()", vec![]).await;
            same(&shows(page, 1, "activation").await, &second);
            assert_eq!(page.text("String(document.querySelector('#map-panel'))").await, "null", "the samples stay");
            page.click("#top li:first-child .guess").await;
            same(&shows(page, 0, "activation").await, &native);
            page.script("document.activeElement.blur()", vec![]).await;
            shows(page, 0, "activation").await;
            assert_eq!(page.attribute("#top .guess", "aria-pressed").await, "true");
            // It covers the square that the network sees, no more.
            let boxes = "(() => { const [a, b] = ['#map', '.crop rect'].map((css) =>
                document.querySelector(css).getBoundingClientRect());
                return ['x', 'y', 'width', 'height'].map((side) => String(Math.abs(a[side] - b[side]))); })()";
            let apart = page.list(boxes).await;
            assert!(apart.iter().all(|apart| apart.parse::<f64>().expect("a number") <= 2.0), "{apart:?}");
            // Another picture has its own map, without a question.
            page.drop_file(&ours("assets/samples/cifar10/frog.png")).await;
            page.answer_to("frog.png").await;
            assert_ne!(shows(page, 0, "activation").await, native.iter().map(|&it| f64::from(it)).collect::<Vec<_>>());
            page.keys(&[Key::Escape]).await;
            page.wait(10, "document.querySelector('#map, #map-panel') === null").await;
        });
    }
}

/// The controls leave the samples free, and what the map means can be read, on a phone too; nothing else moves for it.
#[test]
fn a_map_hides_no_sample_and_explains_itself() {
    Visit::new("?backend=cpu&runs=3").answers_only().run(async |page| {
        page.ready().await;
        for size in [DESKTOP, PHONE, (320, 640)] {
            page.look(size, "light").await;
            let card = "String(document.querySelector('#answer .reserved').getBoundingClientRect().top)";
            let before = page.text(card).await;
            page.click("#top li:first-child .guess").await;
            shows(page, 0, "activation").await;
            assert_eq!(page.text(card).await, before, "{size:?}: the answer stays where it is");
            let hidden = "[...document.querySelectorAll('[data-sample]')].slice(0, 5).filter((sample) => {
                const { x, y, width, height } = sample.getBoundingClientRect();
                return [2, height / 2, height - 2].some((down) =>
                    !sample.contains(document.elementFromPoint(x + width / 2, y + down)));
            })";
            assert_eq!(page.list(&format!("{hidden}, (one) => one.title")).await, [""; 0], "{size:?}");
            let said = "(() => { const hint = document.getElementById('hint'); return hint.checkVisibility() && hint.innerText; })()";
            let words = page.text(said).await;
            assert!(words.starts_with("Yellow: what speaks for cat"), "{size:?}: {words}");
            page.click("#map-close").await;
            page.wait(10, "document.querySelector('#map, #map-panel') === null").await;
        }
    });
}

#[test]
fn an_occlusion_map_is_of_covered_pictures() {
    Visit::new("?backend=cpu&runs=3").answers_only().run(async |page| {
        page.ready().await;
        page.drop_file(&ours(PICTURE)).await;
        page.answer_to(name(&ours(PICTURE))).await;
        page.click("#top li:first-child .guess").await;
        shows(page, 0, "activation").await;
        page.click("#map-kind [data-value=occlusion]").await;
        let map = shows(page, 0, "occlusion").await;
        assert_eq!(map.len(), OCCLUSION_SIDE * OCCLUSION_SIDE);
        // The middle of the sixth part of the third row is at 22, 10 of 32; the square is 8 wide.
        let (native, whole) = pollster::block_on(async {
            let (classifier, mut tensor) = natively().await;
            let answer = classifier.classify(&tensor).await.unwrap();
            let best = answer.top_k[0].index;
            for plane in tensor.chunks_exact_mut(32 * 32) {
                for row in 6..14 {
                    plane[row * 32 + 18..row * 32 + 26].fill(0.0);
                }
            }
            let covered = classifier.classify(&tensor).await.unwrap();
            (f64::from(covered.probabilities[best]), f64::from(answer.probabilities[best]))
        });
        let ours = map[2 * OCCLUSION_SIDE + 5];
        assert!((ours - native).abs() < 1e-4, "{ours}, and natively {native} ({whole} uncovered)");
        assert!((native - whole).abs() > 1e-3, "the square makes a difference");
        // The way back needs no more runs.
        page.click("#map-kind [data-value=activation]").await;
        shows(page, 0, "activation").await;
        page.click("#map-close").await;
        page.wait(10, "document.querySelector('#map, #map-panel') === null").await;
    });
}
