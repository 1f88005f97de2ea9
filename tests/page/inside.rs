//! Inside a block: the maps of one group are those of the network, and the sum that is written down gives the number pointed at.

use std::rc::Rc;

use cardinal::classifier::{Classifier, Device, Group, Model};
use cardinal::image::decode;
use cardinal::plan::PlanKind;
use cardinal::view::group::{Scale, filter_rgba};
use serde_json::Value;

use crate::browser::Key;
use crate::files::{name, ours};
use crate::visit::{Page, Visit};

/// A picture whose pixels every decoder agrees on.
const PICTURE: &str = "tests/data/preprocess/decode/rgb.png";
/// Red, green, blue and opacity of every pixel of all canvases within an element.
const PIXELS: &str = "return [...document.querySelector(arguments[0]).querySelectorAll('canvas')].map((canvas) => {
    const { width, height } = canvas;
    const copy = new OffscreenCanvas(width, height).getContext('2d', { willReadFrequently: true });
    copy.drawImage(canvas, 0, 0);
    return [...copy.getImageData(0, 0, width, height).data];
})";
const ROWS: &str = "document.querySelectorAll('#sum tbody tr'), row => row.cells[1].innerText.replace('−', '-')";

/// A group of the shipped network at work on [`PICTURE`], computed here.
fn natively(cardinality: &str, layer: &str, group: usize, first: usize) -> Group {
    let file = std::fs::read(ours(&format!("assets/models/resnext20_{cardinality}_cifar10_f16.safetensors"))).unwrap();
    pollster::block_on(async {
        let model = Model::open("shipped", Rc::new(file), None).await.unwrap();
        let picture = decode(&std::fs::read(ours(PICTURE)).unwrap()).unwrap();
        let tensor = model.preprocess().apply(&picture).unwrap().tensor;
        let classifier = Classifier::load(&Device::Cpu, &model, PlanKind::Fused, |_| {}).await.unwrap();
        classifier.group(&tensor, layer, group, first..first + 16).await.unwrap().expect("there is such a group")
    })
}

async fn shows(page: &Page, layer: &str, group: usize, first: usize) {
    page.wait_for(
        20,
        &format!(
            "#inside-body[data-state=\"fresh\"][data-layer=\"{layer}\"][data-group=\"{group}\"][data-first=\"{first}\"]"
        ),
    )
    .await;
}

/// The page's maps are these, but for the rounding of a shade.
async fn maps_are(page: &Page, css: &str, values: &[f32], count: usize) {
    let seen = page.script(PIXELS, vec![css.into()]).await;
    let seen = seen.as_array().expect("one per canvas");
    assert_eq!(seen.len(), count, "{css}");
    let scale = Scale::of(values);
    for (at, (seen, map)) in seen.iter().zip(values.chunks(values.len() / count)).enumerate() {
        same_pixels(&format!("{css} {at}"), seen, &scale.rgba(map));
    }
}

fn same_pixels(what: &str, seen: &Value, expected: &[u8]) {
    let seen: Vec<i64> = seen.as_array().expect("pixels").iter().filter_map(Value::as_i64).collect();
    assert_eq!(seen.len(), expected.len(), "{what}");
    let off = seen.iter().zip(expected).filter(|(seen, expected)| (**seen - i64::from(**expected)).abs() > 1).count();
    assert_eq!(off, 0, "{what}: {off} values of {} differ", expected.len());
}

/// What is written down adds up, and is the number of the map.
async fn sum_is_right(page: &Page, group: &Group, channel: usize) {
    let at = page.number("Number(document.querySelector('#large-map').getAttribute('aria-valuenow'))").await as usize;
    let map = group.output.h * group.output.w;
    let value = f64::from(group.outputs[channel * map + at]);
    let rows = page.list(ROWS).await;
    let number = |text: &String| text.parse::<f64>().unwrap_or_else(|_| panic!("{text} is no number"));
    let (parts, [sum, relu, network]) = rows.split_at(rows.len() - 3) else { panic!("{rows:?}") };
    let decimals = sum.split_once('.').map_or(0, |(_, decimals)| decimals.len());
    let added: f64 = parts.iter().map(number).sum();
    let unit = 0.1_f64.powi(decimals as i32);
    assert!((added - number(sum)).abs() <= 0.5 * unit + 1e-9, "{rows:?}");
    assert_eq!(number(relu), number(sum).max(0.0), "{rows:?}");
    assert_eq!(relu, network);
    assert!((number(network) - value).abs() <= unit, "{rows:?}, and natively {value}");
    let shown = page.text("document.querySelector('#pointed').innerText").await;
    assert!(shown.ends_with(&format!(": {network}")), "{shown} and {network}");
}

#[test]
fn one_group_at_work_is_the_networks_and_its_numbers_add_up() {
    Visit::new("?backend=cpu").answers_only().run(async |page| {
        page.ready().await;
        assert_eq!(page.number("document.querySelectorAll('#inside canvas').length").await, 0.0, "it is closed");
        page.choose_file(&ours(PICTURE)).await;
        page.answer_to(name(&ours(PICTURE))).await;
        page.click("#inside summary").await;
        shows(page, "layer1.0.conv2", 0, 0).await;
        // Three steps to the fourth group; before the first and behind the last there is nothing.
        page.click("#inside [aria-label=\"previous group\"]").await;
        for _ in 0..3 {
            page.click("#inside [aria-label=\"next group\"]").await;
        }
        shows(page, "layer1.0.conv2", 3, 0).await;
        let group = natively("8x8d", "layer1.0.conv2", 3, 0);
        maps_are(page, "#inside-inputs", &group.inputs, 8).await;
        maps_are(page, "#inside-outputs", &group.outputs, 8).await;
        page.click("#inside-outputs button:nth-of-type(6)").await;
        sum_is_right(page, &group, 5).await;
        page.click("#large-map").await;
        sum_is_right(page, &group, 5).await;
        let before = page.attribute("#large-map", "aria-valuenow").await;
        page.keys(&[Key::Right, Key::Down, Key::Down]).await;
        let after = page.attribute("#large-map", "aria-valuenow").await;
        assert_eq!(after.parse::<usize>().unwrap(), before.parse::<usize>().unwrap() + 1 + 2 * group.output.w);
        sum_is_right(page, &group, 5).await;
        // The corner has padding.
        page.keys(&[Key::Home]).await;
        page.keys(&[Key::Up; 20]).await;
        assert_eq!(page.attribute("#large-map", "aria-valuenow").await, "0");
        assert_eq!(page.number("document.querySelectorAll('.product:first-of-type .pad').length").await, 5.0);
        sum_is_right(page, &group, 5).await;

        page.script("document.querySelector('#inside [aria-label=\"next group\"]').focus()", vec![]).await;
        page.keys(&[Key::End, Key::Right]).await;
        shows(page, "layer1.0.conv2", 7, 0).await;
        assert_eq!(page.text("document.querySelector('#group-at').innerText").await, "layer1.0.conv2: group 8 of 8");
        // Another block, and another dial: the panel follows.
        page.click("[data-part=\"layer2.0\"]").await;
        shows(page, "layer2.0.conv2", 7, 0).await;
        maps_are(page, "#inside-outputs", &natively("8x8d", "layer2.0.conv2", 7, 0).outputs, 16).await;
        page.click("#cardinality [data-value=\"1\"]").await;
        shows(page, "layer2.0.conv2", 0, 0).await;
        let words = page.text("document.querySelector('#idea').innerText").await;
        assert!(words.starts_with("There is one group: all 82 input channels reach every number."), "{words}");
        page.click("#inside-outputs [aria-label^=\"next window\"]").await;
        shows(page, "layer2.0.conv2", 0, 16).await;
        let group = natively("1x41d", "layer2.0.conv2", 0, 16);
        maps_are(page, "#inside-outputs", &group.outputs, 16).await;
        sum_is_right(page, &group, 0).await;
        assert_eq!(page.number("document.querySelectorAll('#inside-inputs canvas').length").await, 16.0);
    });
}

#[test]
fn the_stem_shows_its_filters_and_their_maps() {
    Visit::new("?backend=cpu").answers_only().run(async |page| {
        page.ready().await;
        page.choose_file(&ours(PICTURE)).await;
        page.answer_to(name(&ours(PICTURE))).await;
        page.click("#inside summary").await;
        page.click("[data-part=\"stem\"]").await;
        shows(page, "conv1", 0, 0).await;
        let stem = natively("8x8d", "conv1", 0, 0);
        let tiles = page.script(PIXELS, vec!["#filters".into()]).await;
        let tiles = tiles.as_array().expect("canvases").clone();
        assert_eq!(tiles.len(), 64);
        for (at, (tile, filter)) in tiles.iter().zip(stem.filters.chunks(27)).enumerate() {
            same_pixels(&format!("filter {at}"), tile, &filter_rgba(filter, 3));
        }
        page.click("#filters button:nth-of-type(21)").await;
        shows(page, "conv1", 0, 16).await;
        let stem = natively("8x8d", "conv1", 0, 16);
        maps_are(page, "#inside-outputs", &stem.outputs, 16).await;
        sum_is_right(page, &stem, 4).await;
        // The classifier has no groups.
        page.click("[data-part=\"head\"]").await;
        page.wait_for(5, "#inside-body[data-state=\"none\"]").await;
    });
}
