//! Writes any weights file that the page reads as safetensors with a `config`, for the page, torchvision and timm:
//! `cargo run --release --example convert -- model_best.pth OUT.safetensors [--f16]`.
#![cfg_attr(target_arch = "wasm32", no_main)] // `wasm-pack test` builds every example; this one is native.
#![cfg(not(target_arch = "wasm32"))]
#![allow(unreachable_pub, reason = "a program has no users: `pub` marks what its other files use")]

#[path = "../benches/common/exit.rs"]
mod exit;
#[path = "../benches/common/saved.rs"]
mod saved;
#[path = "../benches/common/weights.rs"]
mod weights;

use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::rc::Rc;

use cardinal::weights::StoredCheckpoint;
use clap::Parser;

/// Write a weights file as safetensors, with what is known of the network.
#[derive(Parser)]
#[command(name = "convert")]
struct Args {
    /// The file to read, or the folder that it is in; a `config.json` beside it is read too.
    from: PathBuf,
    /// The file to write.
    to: PathBuf,
    /// Halves the size of convolutions and of `fc`: f16 in place of f32.
    #[arg(long)]
    f16: bool,
}

fn main() -> ExitCode {
    let args = Args::parse();
    let size = pollster::block_on(convert(&args));
    exit::report("convert", size.map(|size| format!("{}: {size} bytes", args.to.display())))
}

async fn convert(args: &Args) -> Result<u64, Box<dyn std::error::Error>> {
    let weights::Files { path, weights, config_json } = weights::read(&args.from)?;
    let named = |path: &Path, error: &dyn std::fmt::Display| format!("{}: {error}", path.display());
    let checkpoint = StoredCheckpoint::open(Rc::new(weights), config_json.as_deref()).await;
    let checkpoint = checkpoint.map_err(|error| named(&path, &error))?;
    saved::save(&args.to, checkpoint.config(), checkpoint.metadata(), args.f16, &checkpoint).await
}
