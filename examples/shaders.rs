//! Writes the final WGSL of every kernel and variant to a folder: `cargo run --example shaders -- DIR`.

#![cfg_attr(target_arch = "wasm32", no_main)] // `wasm-pack test` builds every example; this one is native.
#![cfg(not(target_arch = "wasm32"))]

use std::path::{Path, PathBuf};
use std::process::ExitCode;

use cardinal::kernels::all_variants;
use clap::Parser;

/// Write the final WGSL of every kernel and variant to a folder.
#[derive(Parser)]
#[command(name = "shaders")]
struct Args {
    /// The folder; it is created where it is missing.
    dir: PathBuf,
}

fn main() -> ExitCode {
    let Args { dir } = Args::parse();
    match write(&dir) {
        Ok(count) => {
            println!("{count} shaders in {}", dir.display());
            ExitCode::SUCCESS
        }
        Err(error) => {
            eprintln!("shaders: cannot write to {}: {error}", dir.display());
            ExitCode::FAILURE
        }
    }
}

fn write(dir: &Path) -> std::io::Result<usize> {
    std::fs::create_dir_all(dir)?;
    let variants = all_variants();
    for variant in &variants {
        std::fs::write(dir.join(format!("{}.wgsl", variant.name)), variant.key.source())?;
    }
    Ok(variants.len())
}
