//! Writes any weights file that the page reads as safetensors with a `config`, for the page, torchvision and timm:
//! `cargo run --release --example convert -- model_best.pth OUT.safetensors [--f16]`.
#![cfg_attr(target_arch = "wasm32", no_main)] // `wasm-pack test` builds every example; this one is native.
#![cfg(not(target_arch = "wasm32"))]

use std::fs::File;
use std::io::Write;
use std::ops::Range;
use std::os::unix::fs::FileExt;
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::rc::Rc;

use cardinal::weights::{ByteSource, Pending, SavedFile, StoredCheckpoint, WeightError};
use clap::Parser;

/// Write a weights file as safetensors, with what is known of the network.
#[derive(Parser)]
#[command(name = "convert")]
struct Args {
    /// The file to read; a `config.json` beside it is read too.
    from: PathBuf,
    /// The file to write.
    to: PathBuf,
    /// Halves the size of convolutions and of `fc`: f16 in place of f32.
    #[arg(long)]
    f16: bool,
}

/// A file on disk, read where it is asked for.
struct Disk {
    file: File,
    size: u64,
}

impl ByteSource for Disk {
    fn size(&self) -> u64 {
        self.size
    }

    fn read(&self, range: Range<u64>) -> Pending<'_, Result<Vec<u8>, WeightError>> {
        let mut bytes = vec![0; usize::try_from(range.end - range.start).unwrap_or(0)];
        let read = self.file.read_exact_at(&mut bytes, range.start);
        Box::pin(std::future::ready(read.map(|()| bytes).map_err(|error| WeightError::Source(error.to_string()))))
    }
}

fn main() -> ExitCode {
    let args = Args::parse();
    match pollster::block_on(convert(&args)) {
        Ok(size) => {
            println!("{}: {size} bytes", args.to.display());
            ExitCode::SUCCESS
        }
        Err(error) => {
            eprintln!("convert: {}", error.to_string().replace('\n', " "));
            ExitCode::FAILURE
        }
    }
}

async fn convert(args: &Args) -> Result<u64, Box<dyn std::error::Error>> {
    let named = |path: &Path, error: &dyn std::fmt::Display| format!("{}: {error}", path.display());
    let file = File::open(&args.from).map_err(|error| named(&args.from, &error))?;
    let size = file.metadata()?.len();
    let config_json = std::fs::read_to_string(args.from.with_file_name("config.json")).ok();
    let checkpoint = StoredCheckpoint::open(Rc::new(Disk { file, size }), config_json.as_deref()).await;
    let checkpoint = checkpoint.map_err(|error| named(&args.from, &error))?;
    let mut saved = SavedFile::new(checkpoint.config(), checkpoint.metadata(), args.f16)?;
    let mut to = File::create(&args.to).map_err(|error| named(&args.to, &error))?;
    to.write_all(saved.header())?;
    while let Some(part) = saved.next_part(&checkpoint).await? {
        to.write_all(&part)?;
    }
    Ok(saved.size())
}
