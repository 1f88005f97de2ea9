//! Every distinct layer of a network on this machine's adapter: time, rate, bytes, share of the device's best, kernel.
//!
//! ```text
//! cargo bench --bench layers                                       # resnext50_32x4d
//! cargo bench --bench layers -- resnext101_64x4d --runs 9
//! ```
//!
//! Times are of single dispatches, by timestamps where the adapter has them. *Best* is the device's highest rate of multiply-adds in
//! registers, measured in the same run. Bytes count each value that is moved once.
#![allow(unreachable_pub, reason = "a program has no users: `pub` marks what its other files use")]
#![cfg_attr(target_arch = "wasm32", no_main)] // Clippy for wasm32 looks at every target; this one is native.
#![cfg(not(target_arch = "wasm32"))]

#[path = "common/choice.rs"]
mod choice;
#[path = "common/exit.rs"]
mod exit;
#[path = "common/peak.rs"]
mod peak;
#[path = "common/step.rs"]
mod step;

use std::num::NonZeroUsize;
use std::process::ExitCode;
use std::rc::Rc;

use cardinal::classifier::{Classifier, Model, Stats};
use cardinal::gpu::Gpu;
use cardinal::model::ResNextConfig;
use cardinal::plan::PlanKind;
use clap::Parser;

type Failure = Box<dyn std::error::Error>;

/// Every distinct layer of a network on this machine's adapter: time, rate, bytes, share of the device's best, kernel.
#[derive(Parser)]
#[command(name = "layers", bin_name = "cargo bench --bench layers --")]
struct Args {
    #[arg(value_parser = choice::network, default_value = "resnext50_32x4d")]
    network: String,
    /// Timed runs of each.
    #[arg(long, value_name = "N", default_value = "5")]
    runs: NonZeroUsize,
    /// Cargo passes this flag to every benchmark.
    #[arg(long, hide = true)]
    bench: bool,
}

fn main() -> ExitCode {
    let Args { network, runs, .. } = Args::parse();
    exit::finish("layers", pollster::block_on(run(&network, runs.get())))
}

/// A row of the table.
struct Row {
    shape: String,
    kernel: String,
    count: usize,
    /// Of one dispatch.
    stats: Stats,
    flop: f64,
    bytes: usize,
}

impl Row {
    /// FLOP per second.
    fn rate(&self) -> f64 {
        self.flop / self.stats.median * 1e3
    }
}

async fn run(network: &str, runs: usize) -> Result<(), Failure> {
    let gpu = Rc::new(Gpu::request().await?);
    println!("kernels by measurement: {}", gpu.tune().await?.tuning);
    let model = Model::untrained(ResNextConfig::preset(network)?);
    let classifier = Classifier::load(&gpu, &model, PlanKind::Fused, |_| {}).await?;
    let input = vec![0.5; classifier.graph().input_shape().len()];
    let mut profiles = Vec::new();
    for _ in 0..runs {
        profiles.push(classifier.profile(&input).await?);
    }
    let rows: Vec<Row> = step::distinct(classifier.plan())
        .into_iter()
        .map(|(facts, indices)| {
            let times = profiles.iter().flat_map(|profile| indices.iter().map(|&index| profile[index].ms)).collect();
            let (flop, count) = (facts.flop(), indices.len());
            Row { shape: facts.shape, kernel: facts.kernel, count, stats: Stats::new(times), flop, bytes: facts.bytes }
        })
        .collect();
    print(network, &gpu, &rows, peak::flop_per_second(&gpu).await?);
    Ok(())
}

fn print(network: &str, gpu: &Gpu, rows: &[Row], peak: f64) {
    println!("{network} on {} ({})", gpu.adapter().name, gpu.adapter().backend);
    let layer = rows.iter().map(Row::rate).fold(0.0, f64::max);
    println!("best: {:.1} GFLOP/s of multiply-adds in registers; best layer {:.1} GFLOP/s\n", peak / 1e9, layer / 1e9);
    println!("| layer | times | ms | ± | GFLOP/s | of best | of best layer | MB | GB/s | kernel |");
    println!("| --- | ---: | ---: | ---: | ---: | ---: | ---: | ---: | ---: | --- |");
    for row in rows {
        let (ms, bytes) = (row.stats.median, row.bytes as f64);
        let rates = if row.flop > 0.0 {
            let share = |of: f64| 100.0 * row.rate() / of;
            format!("{:.2} | {:.1} % | {:.0} %", row.rate() / 1e9, share(peak), share(layer))
        } else {
            "– | – | –".to_owned()
        };
        println!(
            "| {} | {} | {ms:.3} | {:.3} | {rates} | {:.2} | {:.2} | `{}` |",
            row.shape,
            row.count,
            row.stats.spread,
            bytes / 1e6,
            bytes / ms / 1e6,
            row.kernel
        );
    }
    let sum: f64 = rows.iter().map(|row| row.count as f64 * row.stats.median).sum();
    let flop: f64 = rows.iter().map(|row| row.count as f64 * row.flop).sum();
    println!(
        "\nall dispatches: {sum:.1} ms, {:.2} GFLOP/s, {:.1} % of best",
        flop / sum / 1e6,
        flop / sum / peak * 1e5
    );
}
