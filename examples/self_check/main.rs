//! Checks whether this machine's GPU computes what it should: every kernel and variant, of inference and of training, against its
//! plain twin in f64.
//!
//! ```text
//! cargo run --release --example self_check
//! cargo run --release --example self_check -- --json
//! cargo run --release --example self_check -- --part others
//! ```
//!
//! It ends with a failure where one of them is wrong. The page checks the kernels of the network that it runs in the same manner.
#![allow(unreachable_pub, reason = "a program has no users: `pub` marks what its other files use")]
#![cfg_attr(target_arch = "wasm32", no_main)] // Clippy for wasm32 looks at every target; this one is native.
#![cfg(not(target_arch = "wasm32"))]

#[path = "../../tests/common/mod.rs"]
mod common;

use std::collections::BTreeMap;
use std::process::ExitCode;
use std::time::Instant;

use cardinal::gpu::{Gpu, GpuError};
use cardinal::kernels::all_variants;
use clap::Parser;
use common::kernels::Outcome;
use serde_json::json;

/// Check whether this machine's GPU computes what it should.
#[derive(Parser)]
#[command(name = "self_check")]
struct Args {
    /// Print JSON.
    #[arg(long)]
    json: bool,
    /// Check only these kernels; may be given more than once.
    #[arg(long = "part", value_enum)]
    parts: Vec<Part>,
}

#[derive(Clone, Copy, PartialEq, Eq, clap::ValueEnum)]
enum Part {
    /// Convolutions of an inference.
    Convolutions,
    /// Everything else of an inference.
    Others,
    /// A step of training.
    Training,
}

/// What a kernel gave, over all of its launches.
#[derive(Default)]
struct Kernel {
    launches: usize,
    /// The largest error, as a share of the peak.
    error: f64,
    /// Why launches are wrong.
    failures: Vec<String>,
}

fn main() -> ExitCode {
    let args = Args::parse();
    match pollster::block_on(run(&args)) {
        Ok(true) => ExitCode::SUCCESS,
        Ok(false) => ExitCode::FAILURE,
        Err(error) => {
            eprintln!("self_check: {error}");
            ExitCode::FAILURE
        }
    }
}

/// Whether all kernels are right.
async fn run(args: &Args) -> Result<bool, GpuError> {
    let gpu = Gpu::request().await?;
    let start = Instant::now();
    let wants = |part| args.parts.is_empty() || args.parts.contains(&part);
    let mut outcomes = Vec::new();
    if wants(Part::Convolutions) {
        outcomes.extend(common::kernels::of_convolutions(&gpu).await);
    }
    if wants(Part::Others) {
        outcomes.extend(common::kernels::of_others(&gpu).await);
    }
    if wants(Part::Training) {
        outcomes.extend(common::kernels::of_training(&gpu).await);
    }
    let kernels = by_kernel(outcomes);
    let seconds = start.elapsed().as_secs_f64();
    let not_run: Vec<String> =
        all_variants().into_iter().map(|variant| variant.name).filter(|name| !kernels.contains_key(name)).collect();
    let passed = kernels.values().all(|kernel| kernel.failures.is_empty());
    if args.json {
        let kernels: Vec<_> = kernels
            .iter()
            .map(|(name, kernel)| {
                let Kernel { launches, error, failures } = kernel;
                json!({ "kernel": name, "launches": launches, "error": error, "failures": failures })
            })
            .collect();
        let adapter = gpu.adapter();
        let facts: BTreeMap<&str, &str> =
            adapter.facts.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
        let adapter =
            json!({ "name": adapter.name, "backend": adapter.backend, "software": adapter.software, "facts": facts });
        let report =
            json!({ "adapter": adapter, "passed": passed, "seconds": seconds, "kernels": kernels, "not_run": not_run });
        println!("{report:#}");
    } else {
        print(&gpu, &kernels, &not_run, seconds);
    }
    Ok(passed)
}

fn by_kernel(outcomes: Vec<Outcome>) -> BTreeMap<String, Kernel> {
    let mut kernels: BTreeMap<String, Kernel> = BTreeMap::new();
    for Outcome { kernel, result } in outcomes {
        let known = kernels.entry(kernel).or_default();
        known.launches += 1;
        match result {
            Ok(deviation) => known.error = known.error.max(deviation.of_peak),
            Err(why) => known.failures.push(why),
        }
    }
    kernels
}

fn print(gpu: &Gpu, kernels: &BTreeMap<String, Kernel>, not_run: &[String], seconds: f64) {
    println!("{} ({})\n", gpu.adapter().name, gpu.adapter().backend);
    println!("{:<86} {:>8} {:>10}", "kernel", "launches", "error");
    for (name, Kernel { launches, error, failures }) in kernels {
        let verdict = if failures.is_empty() { "" } else { "  WRONG" };
        println!("{name:<86} {launches:>8} {error:>10.1e}{verdict}");
        failures.iter().for_each(|why| println!("    {why}"));
    }
    not_run.iter().for_each(|name| println!("{name:<86} was not run"));
    let wrong = kernels.values().filter(|kernel| !kernel.failures.is_empty()).count();
    println!("\n{} kernels, {wrong} wrong, in {seconds:.1} s; errors are shares of the peak", kernels.len());
}
