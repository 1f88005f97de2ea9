//! Whole networks natively, beside onnxruntime and ncnn: the same weights and the same picture, in turns in one run.
//!
//! ```text
//! cargo bench --bench native -- FOLDER --python python3            # FOLDER is what benches/page/export/export.py wrote
//! cargo bench --bench native -- FOLDER --python python3 --gpu      # this engine on the GPU too, and ncnn's Vulkan
//! ```
//!
//! `cargo xtask bench native` exports the network first. Prints medians, half the 10-90 % range, and each time as a multiple of this
//! engine's on the CPU. More than 5e-5 of the peak from PyTorch's logits fails the command.
#![allow(unreachable_pub, reason = "a program has no users: `pub` marks what its other files use")]
#![cfg_attr(target_arch = "wasm32", no_main)] // Clippy for wasm32 looks at every target; this one is native.
#![cfg(not(target_arch = "wasm32"))]

#[path = "common/choice.rs"]
mod choice;
#[path = "common/device.rs"]
mod device;
#[path = "common/exit.rs"]
mod exit;
#[path = "common/script.rs"]
mod script;
#[path = "common/weights.rs"]
mod weights;

use std::num::NonZeroUsize;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use cardinal::classifier::{Classifier, LoadOptions, Stats, largest_difference};
use cardinal::plan::PlanKind;
use choice::Backend;
use clap::Parser;
use script::Script;
use serde::Deserialize;

type Failure = Box<dyn std::error::Error>;

/// The largest difference from PyTorch's logits, as a share of their peak.
const LIMIT: f64 = 5e-5;

/// Whole networks natively, beside onnxruntime and ncnn.
#[derive(Parser)]
#[command(name = "native", bin_name = "cargo bench --bench native --")]
struct Args {
    /// The folder with the exported network.
    folder: PathBuf,
    /// A Python that has the peers.
    #[arg(long, default_value = "python3")]
    python: PathBuf,
    /// Threads on the CPU, of this engine and of the peers.
    #[arg(long, value_name = "N,...", default_value = "1,2")]
    threads: String,
    /// Measure the GPU too.
    #[arg(long)]
    gpu: bool,
    /// Timed rounds, after one that is not timed.
    #[arg(long, value_name = "N", default_value = "5")]
    runs: NonZeroUsize,
    /// Cargo passes this flag to every benchmark.
    #[arg(long, hide = true)]
    bench: bool,
}

fn main() -> ExitCode {
    exit::finish("native", pollster::block_on(run(&Args::parse())))
}

/// Who is measured, as the table tells it.
#[derive(Deserialize)]
struct Contender {
    name: String,
    device: String,
    threads: usize,
    /// Instruction sets of the processor that it uses or chooses from.
    instructions: String,
    /// From PyTorch's logits, as a share of their peak.
    difference: f64,
}

/// Little-endian f32 of a file.
fn values(path: &Path) -> Result<Vec<f32>, Failure> {
    let bytes = std::fs::read(path).map_err(|error| format!("{}: {error}", path.display()))?;
    Ok(bytes.as_chunks::<4>().0.iter().map(|&bytes| f32::from_le_bytes(bytes)).collect())
}

/// This engine on a device, checked against PyTorch's logits.
async fn own(
    (backend, threads): (Backend, usize),
    args: &Args,
    x: &[f32],
    expected: &[f32],
) -> Result<(Contender, Classifier), Failure> {
    let device = match backend {
        Backend::Cpu => device::cores(threads),
        Backend::Gpu => device::device(backend).await?,
    };
    let model = weights::read(&args.folder.join("network.safetensors"))?.model().await?;
    let classifier = Classifier::load(&device, &model, LoadOptions::from(PlanKind::Fused), |_| {}).await?;
    let difference = largest_difference(&classifier.classify(x).await?.logits, expected);
    let instructions = match backend {
        Backend::Cpu => cardinal::cpu::instructions().to_owned(),
        Backend::Gpu => "by the driver".to_owned(),
    };
    let device = match device::adapter(&device) {
        serde_json::Value::Null => "CPU".to_owned(),
        adapter => {
            format!("{}, {}", adapter["backend"].as_str().unwrap_or("GPU"), adapter["name"].as_str().unwrap_or(""))
        }
    };
    let name = format!("Cardinal {}", env!("CARGO_PKG_VERSION"));
    Ok((Contender { name, device, threads, instructions, difference }, classifier))
}

async fn run(args: &Args) -> Result<(), Failure> {
    let (x, expected) = (values(&args.folder.join("input.f32"))?, values(&args.folder.join("output.f32"))?);
    let mut ours = Vec::new();
    for threads in args.threads.split(',') {
        ours.push(own((Backend::Cpu, threads.parse()?), args, &x, &expected).await?);
    }
    if args.gpu {
        ours.push(own((Backend::Gpu, 1), args, &x, &expected).await?);
    }
    let mut script_args = vec![args.folder.display().to_string(), "--threads".into(), args.threads.clone()];
    script_args.extend(args.gpu.then(|| "--vulkan".into()));
    let mut script = Script::start(&args.python, "benches/native/peers.py", &script_args)?;
    let peers: Vec<Contender> = serde_json::from_str(&script.line()?)?;

    let mut times = vec![Vec::new(); ours.len() + peers.len()];
    for round in 0..=args.runs.get() {
        for turn in 0..times.len() {
            // Each round begins with the next contender.
            let at = (turn + round) % times.len();
            let ms = match ours.get(at) {
                Some((_, classifier)) => classifier.classify(&x).await?.timing.wall_ms,
                None => script.ask(&(at - ours.len()).to_string())?.parse()?,
            };
            if round > 0 {
                times[at].push(ms);
            }
        }
    }

    let title = ours[0].1.graph().config.title();
    println!("{title}, one picture, f32, {} rounds in turns\n", args.runs);
    println!("| engine | on | threads | instructions | median ms | ± | × the first | from PyTorch |");
    println!("| --- | --- | ---: | --- | ---: | ---: | ---: | ---: |");
    let contenders: Vec<&Contender> = ours.iter().map(|(own, _)| own).chain(&peers).collect();
    let stats: Vec<Stats> = times.into_iter().map(Stats::new).collect();
    for (Contender { name, device, threads, instructions, difference }, Stats { median, spread, .. }) in
        contenders.iter().zip(&stats)
    {
        let ratio = median / stats[0].median;
        println!(
            "| {name} | {device} | {threads} | {instructions} | {median:.1} | {spread:.1} | {ratio:.2} | {difference:.1e} |"
        );
    }
    let wrong = contenders.iter().filter(|contender| contender.difference.is_nan() || contender.difference > LIMIT);
    let wrong: Vec<&str> = wrong.map(|contender| contender.name.as_str()).collect();
    if !wrong.is_empty() {
        return Err(format!("more than {LIMIT:.0e} of the peak from PyTorch's logits: {}", wrong.join(", ")).into());
    }
    Ok(())
}
