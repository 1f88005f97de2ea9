//! Teaches a network classes of one's own, from a folder of pictures for each, and writes the network with its new `fc`:
//!
//! ```text
//! cargo run --release --example teach -- --weights W.safetensors --classes DIR --out OUT.safetensors [--json]
//! ```
//!
//! A picture that cannot be read stops it, before anything is learned: a class with fewer pictures than its folder is another
//! question than the one that was asked, and nobody reads a warning in a script. All such pictures are named at once.
//!
//! `--help` lists all options. The exit status is 1, with one line on standard error, where it fails, and 2 where the command line is
//! wrong.
#![allow(unreachable_pub, reason = "a program has no users: `pub` marks what its other files use")]
#![cfg_attr(target_arch = "wasm32", no_main)] // `wasm-pack test` builds every example; this one is native.
#![cfg(not(target_arch = "wasm32"))]

#[path = "../../benches/common/choice.rs"]
mod choice;
#[path = "../../benches/common/device.rs"]
mod device;
#[path = "../../benches/common/exit.rs"]
mod exit;
#[path = "../../benches/common/folder.rs"]
mod folder;
mod pictures;
mod report;
#[path = "../../benches/common/saved.rs"]
mod saved;
#[path = "../../benches/common/weights.rs"]
mod weights;

use std::path::PathBuf;
use std::process::ExitCode;
use std::time::Instant;

use cardinal::classifier::{Classifier, LoadOptions};
use cardinal::teach::{Example, Problem};
use choice::Backend;
use clap::Parser;
use report::Report;

type Failure = Box<dyn std::error::Error>;

/// Teach a network classes of one's own, and say how well it knows them.
#[derive(Debug, Parser)]
#[command(name = "teach")]
struct Args {
    /// The network: its weights, or the folder that holds them. A config.json beside them is read too.
    #[arg(long, value_name = "W.safetensors|DIR")]
    weights: PathBuf,
    /// A folder with a folder of pictures for each class, whose name is the class's.
    #[arg(long, value_name = "DIR")]
    classes: PathBuf,
    /// Where the network with its new `fc` and the class names goes.
    #[arg(long, value_name = "OUT.safetensors")]
    out: PathBuf,
    #[arg(long, value_enum, default_value_t = Backend::Gpu)]
    backend: Backend,
    /// Print one JSON object in place of text.
    #[arg(long)]
    json: bool,
}

fn main() -> ExitCode {
    let args = Args::parse();
    let report = pollster::block_on(teach(&args));
    exit::report("teach", report.map(|report| if args.json { report.json().to_string() } else { report.to_string() }))
}

async fn teach(args: &Args) -> Result<Report, Failure> {
    let model = weights::read(&args.weights)?.model().await?;
    let (classes, pictures) = pictures::read(&args.classes, model.preprocess())?;

    let device = device::device(args.backend).await?;
    let classifier = Classifier::load(&device, &model, LoadOptions::default().with_features(), |_| {}).await?;
    let started = Instant::now();
    let mut features = Vec::with_capacity(pictures.len());
    for picture in &pictures {
        features.push(classifier.classify(&picture.tensor).await?.features().to_vec());
    }
    let features_ms = started.elapsed().as_secs_f64() * 1e3;

    let started = Instant::now();
    let examples = pictures.iter().zip(&features).map(|(picture, features)| Example { class: picture.class, features });
    let problem = Problem::new(&classes, &examples.collect::<Vec<_>>())?;
    let l2 = problem.choose_l2();
    let fit = problem.fit(l2);
    let left_out: Vec<_> = (0..pictures.len()).map(|picture| problem.left_out(&fit, picture)).collect();
    let head = problem.head(&fit);
    let ms = started.elapsed().as_secs_f64() * 1e3;

    let report = Report {
        small: problem.small_classes(),
        backend: args.backend.name(),
        adapter: device::adapter(&device),
        out: args.out.clone(),
        classes,
        pictures,
        left_out,
        l2,
        ms,
        features_ms,
    };
    let taught = model.with_head(report.classes.clone(), &head, report.recipe());
    if let Some(metadata) = taught.metadata() {
        saved::save(&args.out, taught.config(), metadata, false, &taught).await?;
    }
    Ok(report)
}
