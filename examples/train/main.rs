//! Trains a network natively, on one batch or on a set of pictures, and prints one JSON object:
//!
//! ```text
//! cargo run --release --example train -- --weights W.safetensors --batch B.safetensors --steps N --out OUT.safetensors --json
//! cargo run --release --example train -- --network resnext20_8x8d --data cifar10:DIR --out OUT.safetensors --json
//! ```
//!
//! The second follows the recipe of `train/train.py`. It writes `OUT.log.json` after each epoch, with a line per epoch on standard
//! error, and `OUT.state.safetensors`, from which the same command goes on where it was stopped.
//!
//! `--help` lists all options. The exit status is 1, with one line on standard error, where it fails, and 2 where the command line is
//! wrong.
#![allow(unreachable_pub, reason = "a program has no users: `pub` marks what its other files use")]
#![cfg_attr(target_arch = "wasm32", no_main)] // `wasm-pack test` builds every example; this one is native.
#![cfg(not(target_arch = "wasm32"))]

mod args;
#[path = "../../benches/common/choice.rs"]
mod choice;
mod data;
#[path = "../../benches/common/device.rs"]
mod device;
#[path = "../../benches/common/exit.rs"]
mod exit;
mod files;
#[path = "../../benches/common/folder.rs"]
mod folder;
mod on_batch;
mod on_pictures;
#[path = "../../benches/common/records.rs"]
mod records;
#[path = "../../benches/common/saved.rs"]
mod saved;
mod saved_run;
mod start;
#[path = "../../benches/common/weights.rs"]
mod weights;

use std::process::ExitCode;

use args::Args;
use clap::Parser;
use serde_json::Value;

type Failure = Box<dyn std::error::Error>;

fn main() -> ExitCode {
    exit::report("train", pollster::block_on(train(&Args::parse())))
}

async fn train(args: &Args) -> Result<Value, Failure> {
    args.settings()?;
    let network = start::network(args)?;
    match (&args.pictures.batch, &args.pictures.data) {
        (Some(batch), _) => on_batch::train(args, &network, batch).await,
        (None, Some(data)) => on_pictures::train(args, network, data).await,
        (None, None) => Err("name a batch, or pictures".into()),
    }
}
