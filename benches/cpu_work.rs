//! The processor's work, natively: preprocessing a picture of 12 megapixels, and planning the largest network. `cargo xtask bench
//! cpu` measures the same in WebAssembly, where it matters.

#![cfg_attr(target_arch = "wasm32", no_main)] // Clippy for wasm32 looks at every target; this one is native.
#![cfg(not(target_arch = "wasm32"))]

use std::hint::black_box;
use std::time::Duration;

use cardinal::image::{Preprocess, RgbImage, StripResizer};
use cardinal::model::{BlockForm, Graph, ResNextConfig};
use cardinal::plan::{Plan, PlanKind};
use criterion::{Criterion, criterion_group, criterion_main};

const WIDTH: usize = 4000;
const HEIGHT: usize = 3000;
/// The pixels as the page passes them: RGBA.
const STRIP_ROWS: usize = 256;

/// The same noise in every run.
fn noise(len: usize) -> Vec<u8> {
    let mut state = 1_u32;
    let next = || {
        state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
        (state >> 24) as u8
    };
    std::iter::repeat_with(next).take(len).collect()
}

fn preprocess(criterion: &mut Criterion) {
    let imagenet = Preprocess::imagenet();
    let image = RgbImage::new(WIDTH, HEIGHT, noise(WIDTH * HEIGHT * 3)).expect("three bytes per pixel");
    criterion.bench_function("12 megapixels to 224, whole", |bencher| {
        bencher.iter(|| imagenet.apply(black_box(&image)).expect("ImageNet's settings are valid"));
    });
    let mut rgba = image.to_rgba();
    criterion.bench_function("12 megapixels to 224, RGBA strips", |bencher| {
        bencher.iter(|| {
            let mut resizer = StripResizer::new(WIDTH, HEIGHT, &imagenet).expect("a size that is allowed");
            for strip in black_box(&mut rgba).chunks(WIDTH * 4 * STRIP_ROWS) {
                resizer.push_rows(strip).expect("whole rows");
            }
            resizer.finish().expect("all rows have come")
        });
    });
}

fn plan(criterion: &mut Criterion) {
    criterion.bench_function("plan of resnext101_64x4d", |bencher| {
        bencher.iter(|| {
            let config = ResNextConfig::preset(black_box("resnext101_64x4d")).expect("a preset");
            let graph = Graph::build(&config, 1, (224, 224), BlockForm::C).expect("a valid network");
            Plan::new(graph, PlanKind::Fused).expect("it can be planned")
        });
    });
}

fn short() -> Criterion {
    Criterion::default()
        .sample_size(10)
        .warm_up_time(Duration::from_millis(500))
        .measurement_time(Duration::from_secs(3))
}

criterion_group! { name = benches; config = short(); targets = preprocess, plan }
criterion_main!(benches);
