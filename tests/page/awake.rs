//! Nothing holds the page up for long: the main thread's tasks while it loads, runs, and takes a large photograph.

use std::time::Instant;

use image::codecs::jpeg::JpegEncoder;
use image::{GrayImage, Luma};

use crate::files::made;
use crate::visit::{LONGEST_TASK, Visit};

/// A photograph's worth of pixels. Grey, since the encoder is not optimised here; the page sees as many pixels.
fn twelve_megapixels() -> Vec<u8> {
    let picture =
        GrayImage::from_fn(4000, 3000, |x, y| Luma([((x * x + 3 * y * y) / 9000) as u8 ^ (x ^ y) as u8 & 31]));
    let mut bytes = Vec::new();
    JpegEncoder::new_with_quality(&mut bytes, 85).encode_image(&picture).expect("a JPEG");
    bytes
}

/// The longest task of a visit, measured up to three times: what else runs on the machine can only make it longer, so
/// one visit without a long task is proof, and a task that is really long is long every time.
pub fn longest_of_few(visit: impl Fn() -> f64) -> f64 {
    let mut shortest = f64::INFINITY;
    for _ in 0..3 {
        shortest = visit().min(shortest);
        if shortest <= LONGEST_TASK {
            break;
        }
    }
    shortest
}

#[test]
fn no_task_is_long_while_it_loads_and_runs() {
    let longest = longest_of_few(|| {
        let mut longest = 0.0;
        Visit::new("?runs=10").run(async |page| {
            page.ready().await;
            let loading = page.longest_task().await;
            for stop in [32, 1] {
                page.click(&format!("#cardinality [data-value=\"{stop}\"]")).await;
                let row = format!("#page[data-state=\"ready\"] #latency tr[data-cardinality=\"{stop}\"]");
                page.wait_for(60, &row).await;
            }
            let turning = page.longest_task().await;
            println!("longest task: {loading} ms while loading and measuring, {turning} ms while turning the dial");
            longest = loading.max(turning);
        });
        longest
    });
    assert!(longest <= LONGEST_TASK, "a task of {longest} ms");
}

#[test]
fn no_task_is_long_while_it_takes_twelve_megapixels() {
    let start = Instant::now();
    let file = made("twelve.jpg", &twelve_megapixels());
    println!("made in {:.1?}: {} bytes", start.elapsed(), file.metadata().expect("it is there").len());
    let longest = longest_of_few(|| {
        let mut longest = 0.0;
        Visit::new("?runs=3").run(async |page| {
            page.ready().await;
            page.longest_task().await;
            page.drop_file(&file).await;
            page.answer_to("twelve.jpg").await;
            let caption = page.text("document.getElementById('picture-caption').innerText").await;
            assert!(caption.contains("4000×3000"), "{caption}");
            longest = page.longest_task().await;
            println!("{}; longest task: {longest} ms", page.text("document.getElementById('timing').innerText").await);
        });
        longest
    });
    assert!(longest <= LONGEST_TASK, "a task of {longest} ms");
}

/// The paper's network at its full size: slow on a software adapter, but it runs, and the page stays awake.
#[test]
fn resnext50_at_224_runs_untrained() {
    let longest = longest_of_few(|| {
        let mut longest = 0.0;
        Visit::new("?model=imagenet&cardinality=32&runs=3").run(async |page| {
            let row = "#latency tr[data-cardinality=\"32\"][data-runs=\"3\"]";
            page.wait_for(240, &format!("#page[data-state=\"ready\"] {row}")).await;
            longest = page.longest_task().await;
            let words = page.text("document.getElementById('wall').innerText.replace(/\\s+/g, ' ')").await;
            println!("ResNeXt-50 32×4d: {words}; longest task {longest} ms");
            assert_eq!(page.attribute("#answer", "data-state").await, "untrained");
            assert!(page.top().await.is_empty());
        });
        longest
    });
    assert!(longest <= LONGEST_TASK, "a task of {longest} ms");
}

/// The watch itself: a task that is long is seen.
#[test]
fn a_long_task_is_noticed() {
    Visit::new("?runs=3").run(async |page| {
        page.ready().await;
        let busy = "setTimeout(() => { const end = performance.now() + 300; while (performance.now() < end); })";
        page.script(busy, vec![]).await;
        page.wait(5, format_args!("watched.tasks.some((task) => task.duration > {LONGEST_TASK})")).await;
        println!("noticed: {} ms", page.longest_task().await);
    });
}
