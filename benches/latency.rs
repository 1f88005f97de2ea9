//! Latency of whole networks, interleaved in one run, untrained weights:
//!
//! ```text
//! cargo bench --bench latency                                        # ResNeXt-50's family, fused
//! cargo bench --bench latency -- resnext50_32x4d --plan plain,fused --runs 9 --layers
//! ```
//!
//! Prints the median and half the 10-90 % range of each; `--layers` adds where the time of the first one goes.

#![cfg_attr(target_arch = "wasm32", no_main)] // Clippy for wasm32 looks at every target; this one is native.
#![cfg(not(target_arch = "wasm32"))]

use std::process::ExitCode;
use std::rc::Rc;

use cardinal::classifier::{Classifier, Measurement, Model, Timing};
use cardinal::gpu::Gpu;
use cardinal::model::{PAPER_FAMILY, ResNextConfig};
use cardinal::plan::PlanKind;

type Failure = Box<dyn std::error::Error>;

struct Args {
    names: Vec<String>,
    plans: Vec<PlanKind>,
    runs: usize,
    layers: bool,
}

fn main() -> ExitCode {
    match parse().and_then(|args| pollster::block_on(run(&args))) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("latency: {error}");
            ExitCode::FAILURE
        }
    }
}

fn parse() -> Result<Args, Failure> {
    let mut parsed = Args { names: Vec::new(), plans: vec![PlanKind::Fused], runs: 5, layers: false };
    let mut args = std::env::args().skip(1);
    while let Some(arg) = args.next() {
        let mut value = || args.next().ok_or_else(|| format!("{arg} needs a value"));
        match arg.as_str() {
            // Cargo says so to every benchmark.
            "--bench" => {}
            "--layers" => parsed.layers = true,
            "--runs" => parsed.runs = value()?.parse()?,
            "--plan" => {
                let plan = |name: &str| match name {
                    "plain" => Ok(PlanKind::Plain),
                    "fused" => Ok(PlanKind::Fused),
                    other => Err(format!("--plan is plain, fused or both with a comma, got `{other}`")),
                };
                parsed.plans = value()?.split(',').map(plan).collect::<Result<_, _>>()?;
            }
            name => parsed.names.push(name.to_owned()),
        }
    }
    if parsed.names.is_empty() {
        parsed.names = PAPER_FAMILY.iter().map(|(c, d)| format!("resnext50_{c}x{d}d")).collect();
    }
    Ok(parsed)
}

async fn run(args: &Args) -> Result<(), Failure> {
    let gpu = Rc::new(Gpu::request().await?);
    println!("on {:?}", gpu.adapter());
    let mut networks = Vec::new();
    for name in &args.names {
        let model = Model::untrained(ResNextConfig::preset(name)?);
        for &plan in &args.plans {
            // Loading runs once: compiling is not measured.
            networks.push((name, plan, Classifier::load(&gpu, &model, plan, |_| {}).await?, Vec::new()));
        }
    }
    let input = |classifier: &Classifier| vec![0.5; classifier.graph().input_shape().len()];
    for _ in 0..args.runs {
        for (_, _, classifier, timings) in &mut networks {
            timings.push(classifier.classify(&input(classifier)).await?.timing);
        }
    }
    println!("{:<20} {:<6} {:>12} {:>10} {:>12} {:>10}", "network", "plan", "wall ms", "±", "GPU ms", "±");
    for (name, plan, classifier, timings) in &networks {
        let Measurement { wall, gpu } = Measurement::new(timings as &[Timing]);
        let (gpu_median, gpu_spread) = gpu.map_or((f64::NAN, f64::NAN), |gpu| (gpu.median, gpu.spread));
        print!(
            "{name:<20} {plan:<6} {:>12.1} {:>10.1} {gpu_median:>12.1} {gpu_spread:>10.1}",
            wall.median, wall.spread
        );
        println!("  {:.2} GMAC/s", classifier.plan().macs() as f64 / wall.median / 1e6);
    }
    if args.layers
        && let Some((name, plan, classifier, _)) = networks.first()
    {
        println!("\n{name} {plan}, by dispatch");
        for (time, step) in classifier.profile(&input(classifier)).await?.iter().zip(&classifier.plan().steps) {
            let rate = step.macs as f64 / time.ms / 1e6;
            println!(
                "{:<24} {:<42} {:>9.2} ms {rate:>7.2} GMAC/s",
                time.layers[0],
                step.dispatch.kernel.name(),
                time.ms
            );
        }
    }
    Ok(())
}
