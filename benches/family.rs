//! Latency over cardinality at equal cost: the paper's five settings at depth 50, untrained, in turns in one run.
//!
//! ```text
//! cargo bench --bench family -- --runs 5 --json FILE --beside FILE --plot FILE.svg
//! ```
//!
//! `--beside` names the JSON of the same measurement in the browser, which the plot then shows too. `cargo xtask bench family`
//! measures in the browser, then runs this.
#![allow(unreachable_pub, reason = "a program has no users: `pub` marks what its other files use")]
#![cfg_attr(target_arch = "wasm32", no_main)] // Clippy for wasm32 looks at every target; this one is native.
#![cfg(not(target_arch = "wasm32"))]

#[path = "common/exit.rs"]
mod exit;
#[path = "common/plot.rs"]
mod plot;

use std::fs;
use std::num::NonZeroUsize;
use std::path::PathBuf;
use std::process::ExitCode;
use std::rc::Rc;

use cardinal::classifier::{Classifier, Model, Stats};
use cardinal::gpu::Gpu;
use cardinal::model::{PAPER_FAMILY, ResNextConfig};
use cardinal::plan::PlanKind;
use clap::Parser;
use plot::{Bar, Panel};
use serde_json::{Value, json};

type Failure = Box<dyn std::error::Error>;

/// Latency over cardinality at equal cost: the paper's five settings at depth 50, untrained, in turns in one run.
#[derive(Parser)]
#[command(name = "family", bin_name = "cargo bench --bench family --")]
struct Args {
    /// Timed runs of each.
    #[arg(long, value_name = "N", default_value = "5")]
    runs: NonZeroUsize,
    /// Write the results to this file.
    #[arg(long, value_name = "FILE")]
    json: Option<PathBuf>,
    /// The results of the same measurement in the browser, for the plot.
    #[arg(long, value_name = "FILE")]
    beside: Option<PathBuf>,
    /// Write the plot to this file, as SVG.
    #[arg(long, value_name = "FILE.svg")]
    plot: Option<PathBuf>,
    /// Cargo passes this flag to every benchmark.
    #[arg(long, hide = true)]
    bench: bool,
}

fn main() -> ExitCode {
    exit::finish("family", pollster::block_on(run(&Args::parse())))
}

async fn run(args: &Args) -> Result<(), Failure> {
    let mut panels = Vec::new();
    if let Some(path) = &args.beside {
        let text = fs::read_to_string(path).map_err(|error| format!("{}: {error}", path.display()))?;
        panels.push(beside(&serde_json::from_str(&text)?).ok_or("--beside names no measurement of the family")?);
    }
    let (adapter, results) = measure(args.runs.get()).await?;
    panels.push(panel(format!("{adapter}, natively"), &results));
    for panel in &panels {
        say(panel);
    }
    if let Some(path) = &args.json {
        let members = |(name, stats): &(String, Stats)| json!({ "name": name, "median": stats.median, "spread": stats.spread, "samples": stats.samples });
        let results: Vec<Value> = results.iter().map(members).collect();
        let json = json!({ "task": "family", "adapter": adapter, "backend": "native", "results": results });
        fs::write(path, serde_json::to_string_pretty(&json)? + "\n")?;
    }
    if let Some(path) = &args.plot {
        fs::write(path, plot::svg("ResNeXt-50 at equal cost: latency over cardinality", &panels))?;
        println!("written: {}", path.display());
    }
    Ok(())
}

async fn measure(runs: usize) -> Result<(String, Vec<(String, Stats)>), Failure> {
    let gpu = Rc::new(Gpu::request().await?);
    println!("kernels by measurement: {}", gpu.tune().await?.tuning);
    let mut members = Vec::new();
    for (cardinality, base_width) in PAPER_FAMILY {
        let name = format!("resnext50_{cardinality}x{base_width}d");
        let model = Model::untrained(ResNextConfig::preset(&name)?);
        // Loading runs once: compiling is not measured.
        members.push((name, Classifier::load(&gpu, &model, PlanKind::Fused, |_| {}).await?, Vec::new()));
    }
    for round in 0..runs {
        let count = members.len();
        for index in 0..count {
            let (_, classifier, samples) = &mut members[(round + index) % count];
            let input = vec![0.5; classifier.graph().input_shape().len()];
            samples.push(classifier.classify(&input).await?.timing.wall_ms);
        }
    }
    let results = members.into_iter().map(|(name, _, samples)| (name, Stats::new(samples))).collect();
    Ok((gpu.adapter().name.clone(), results))
}

fn panel(title: String, results: &[(String, Stats)]) -> Panel {
    let bar = |(name, stats): &(String, Stats)| bar(name, stats.median, stats.spread);
    Panel { title, bars: results.iter().map(bar).collect() }
}

/// `resnext50_8x14d` is shown as `8×14d`.
fn bar(name: &str, median: f64, spread: f64) -> Bar {
    Bar { label: name.rsplit('_').next().unwrap_or(name).replace('x', "×"), median, spread }
}

fn beside(json: &Value) -> Option<Panel> {
    let bars = json["results"].as_array()?.iter();
    let bars = bars.map(|one| Some(bar(one["name"].as_str()?, one["median"].as_f64()?, one["spread"].as_f64()?)));
    let backend = match json["backend"].as_str()? {
        "cpu" => "CPU",
        _ => "WebGPU",
    };
    let title = format!("{}, {backend} in the browser", json["adapter"].as_str()?);
    Some(Panel { title, bars: bars.collect::<Option<_>>()? })
}

fn say(panel: &Panel) {
    println!("\n{}\n\n| network | median ms | ± |\n| --- | ---: | ---: |", panel.title);
    for bar in &panel.bars {
        println!("| {} | {:.0} | {:.0} |", bar.label, bar.median, bar.spread);
    }
    let medians = || panel.bars.iter().map(|bar| bar.median);
    let (fastest, slowest) = (medians().fold(f64::INFINITY, f64::min), medians().fold(0.0, f64::max));
    println!("\nslowest / fastest: {:.2}", slowest / fastest);
}
