//! Trains a network natively on one batch and prints one JSON object:
//!
//! ```text
//! cargo run --release --example train -- --weights W.safetensors --batch B.safetensors --steps N --out OUT.safetensors --json
//! ```
//!
//! `--help` lists all options. The exit status is 1, with one line on standard error, where it fails, and 2 where the command line is
//! wrong.
#![allow(unreachable_pub, reason = "a program has no users: `pub` marks what its other files use")]
#![cfg_attr(target_arch = "wasm32", no_main)] // `wasm-pack test` builds every example; this one is native.
#![cfg(not(target_arch = "wasm32"))]

mod args;
#[path = "../../benches/common/choice.rs"]
mod choice;
mod files;
#[path = "../../benches/common/weights.rs"]
mod weights;

use std::process::ExitCode;

use args::Args;
use cardinal::cpu::TrainingEngine;
use cardinal::model::{BlockForm, Graph};
use cardinal::plan::{TrainingOptions, TrainingPlan};
use cardinal::weights::Checkpoint;
use choice::Backend;
use clap::Parser;
use serde_json::{Value, json};

type Failure = Box<dyn std::error::Error>;

fn main() -> ExitCode {
    match pollster::block_on(train(&Args::parse())) {
        Ok(report) => {
            println!("{report}");
            ExitCode::SUCCESS
        }
        Err(error) => {
            // One line, even if the error's text has several.
            eprintln!("train: {}", error.to_string().replace('\n', " "));
            ExitCode::FAILURE
        }
    }
}

async fn train(args: &Args) -> Result<Value, Failure> {
    let settings = args.settings()?;
    if args.backend == Backend::Gpu {
        return Err("training runs on the CPU so far: use --backend cpu".into());
    }
    let files = weights::read(&args.weights)?;
    let mut checkpoint = Checkpoint::parse_with(files.weights, files.config_json.as_deref())
        .map_err(|error| format!("{}: {error}", files.path.display()))?;
    if let Some(strides) = &args.strides {
        checkpoint = checkpoint.with_strides(strides.clone())?;
    }
    let batch = files::batch(&args.batch)?;
    let graph = Graph::build(checkpoint.config(), batch.shape.n, (batch.shape.h, batch.shape.w), BlockForm::C)?;
    if graph.input_shape() != batch.shape {
        return Err(format!("the network takes {}, the batch is {} (n×c×h×w)", graph.input_shape(), batch.shape).into());
    }
    let options = TrainingOptions { keep_gradients: args.gradients.is_some(), ..TrainingOptions::default() };
    let plan = TrainingPlan::new(graph, options)?;
    if args.plan {
        eprintln!("{plan}");
    }
    let mut engine = TrainingEngine::new(plan, &checkpoint)?;
    let (mut losses, mut step_ms) = (Vec::new(), Vec::new());
    for step in 0..args.steps {
        let learned = engine.step(&batch.input, &batch.labels, &settings)?;
        losses.push(learned.loss);
        step_ms.push(learned.wall_ms);
        if let (0, Some(path)) = (step, &args.gradients) {
            files::save_gradients(path, &engine)?;
        }
    }
    if let Some(path) = &args.out {
        files::save(path, checkpoint.config(), checkpoint.metadata(), &engine).await?;
    }
    Ok(json!({
        "backend": args.backend.name(),
        "adapter": null,
        "network": checkpoint.config().title(),
        "loss": losses,
        "step_ms": step_ms,
        "peak_bytes": engine.plan().bytes(),
    }))
}
