//! Nothing blocks the page's thread for long: loading, running, a large photograph, measuring accuracy.

use image::codecs::jpeg::JpegEncoder;
use image::{GrayImage, Luma};

use super::{COLD_TASK, TASK, hold};
use crate::files::made;
use crate::visit::{Page, Visit};

/// A photograph's worth of pixels. Grey, since the encoder is not optimised here; the page sees as many pixels.
fn twelve_megapixels() -> Vec<u8> {
    let picture =
        GrayImage::from_fn(4000, 3000, |x, y| Luma([((x * x + 3 * y * y) / 9000) as u8 ^ (x ^ y) as u8 & 31]));
    let mut bytes = Vec::new();
    JpegEncoder::new_with_quality(&mut bytes, 85).encode_image(&picture).expect("a JPEG");
    bytes
}

/// The longest task of what a visit does once it is ready.
fn longest(visit: impl Fn() -> Visit, what: &'static str, test: impl AsyncFn(&Page)) {
    hold(|| {
        let mut longest = 0.0;
        visit().alone().run(async |page| {
            page.ready().await;
            page.longest_task().await;
            test(page).await;
            longest = page.longest_task().await;
        });
        vec![(what, longest, TASK)]
    });
}

async fn first_answer(page: &Page) -> f64 {
    page.wait_for(60, "#answer[data-state=fresh]").await;
    page.longest_task().await
}

/// From navigation to the first answer: the first time, and once the browser has the page's files.
#[test]
fn no_task_is_long_before_the_first_answer() {
    for (query, [cold_name, warm_name]) in [
        (
            "?runs=3&backend=webgpu",
            ["to the first answer, WebGPU, first visit", "to the first answer, WebGPU, second visit"],
        ),
        ("?runs=3&backend=cpu", ["to the first answer, CPU, first visit", "to the first answer, CPU, second visit"]),
    ] {
        hold(|| {
            let (mut cold, mut warm) = (0.0, 0.0);
            Visit::new(query).alone().run(async |page| {
                cold = first_answer(page).await;
                page.wait_for(60, "html[data-offline=kept]").await;
                page.ready().await;
                page.open(query).await;
                warm = first_answer(page).await;
            });
            vec![(cold_name, cold, COLD_TASK), (warm_name, warm, TASK)]
        });
    }
}

#[test]
fn no_task_is_long_while_the_dial_is_turned() {
    longest(
        || Visit::new("?runs=10&backend=webgpu"),
        "three turns of the dial, WebGPU",
        async |page| {
            for cardinality in [32, 1] {
                page.click(&format!("#cardinality [data-value=\"{cardinality}\"]")).await;
                let row = format!("#page[data-state=\"ready\"] #latency tr[data-cardinality=\"{cardinality}\"]");
                page.wait_for(60, &row).await;
            }
        },
    );
}

#[test]
fn no_task_is_long_while_it_takes_twelve_megapixels() {
    let file = made("twelve.jpg", &twelve_megapixels());
    longest(
        || Visit::new("?runs=3&backend=webgpu").tuned(),
        "a photograph of 12 megapixels",
        async |page| {
            page.drop_file(&file).await;
            page.answer_to("twelve.jpg").await;
            assert!(page.notices().await.is_empty());
        },
    );
}

#[test]
fn no_task_is_long_while_it_measures_accuracy() {
    longest(
        || Visit::new("?runs=3&backend=webgpu").tuned(),
        "40 test pictures, WebGPU",
        async |page| {
            page.click("#measure").await;
            page.wait(120, "document.querySelector('#measuring progress').value >= 40").await;
        },
    );
    longest(
        || Visit::new("?runs=3&backend=cpu"),
        "200 test pictures, CPU",
        async |page| {
            page.click("#measure").await;
            page.wait_for(60, "#measuring[data-state=done]").await;
        },
    );
}

/// The paper's network at its full size: slow on a software adapter, but it runs, and the page stays awake.
#[test]
fn resnext50_at_224_runs_untrained() {
    hold(|| {
        let mut longest = 0.0;
        Visit::new("?model=imagenet&cardinality=32&runs=3&backend=webgpu").tuned().alone().run(async |page| {
            let row = "#latency tr[data-cardinality=\"32\"][data-runs=\"3\"]";
            page.wait_for(110, &format!("#page[data-state=\"ready\"] {row}")).await;
            longest = page.longest_task().await;
            let words = page.text("document.getElementById('wall').innerText.replace(/\\s+/g, ' ')").await;
            println!("ResNeXt-50 32×4d: {words}");
            assert_eq!(page.attribute("#answer", "data-state").await, "untrained");
            assert!(page.top().await.is_empty());
        });
        vec![("ResNeXt-50 at 224, WebGPU", longest, COLD_TASK)]
    });
}
