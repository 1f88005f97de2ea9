//! Latency of whole networks, interleaved in one run, untrained weights:
//!
//! ```text
//! cargo bench --bench latency                                        # ResNeXt-50's family, fused
//! cargo bench --bench latency -- resnext50_32x4d --plan plain,fused --runs 9 --layers
//! cargo bench --bench latency -- resnext50_32x4d --weight-dtype f32,f16
//! cargo bench --bench latency -- --tuning wide,wide,wide,wide,wide   # else measured
//! cargo bench --bench latency -- resnext50_32x4d --backend gpu,cpu
//! ```
//!
//! Prints the median and half the 10-90 % range of each; `--layers` adds where the time of the first one goes.

#![cfg_attr(target_arch = "wasm32", no_main)] // Clippy for wasm32 looks at every target; this one is native.
#![cfg(not(target_arch = "wasm32"))]

use std::process::ExitCode;
use std::rc::Rc;

use cardinal::classifier::{Classifier, Device, Measurement, Model, Timing};
use cardinal::gpu::{Gpu, Trial};
use cardinal::model::{PAPER_FAMILY, ResNextConfig};
use cardinal::plan::{PlanKind, PlanOptions, Tuning, WeightDtype};

type Failure = Box<dyn std::error::Error>;

struct Args {
    names: Vec<String>,
    /// Of the GPU and the CPU.
    backends: Vec<&'static str>,
    plans: Vec<PlanKind>,
    weight_dtypes: Vec<WeightDtype>,
    runs: usize,
    layers: bool,
    /// As it is given, else measured.
    tuning: Option<Tuning>,
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
    let (plans, weight_dtypes) = (vec![PlanKind::default()], vec![WeightDtype::default()]);
    let mut parsed =
        Args { names: Vec::new(), backends: vec!["gpu"], plans, weight_dtypes, runs: 5, layers: false, tuning: None };
    let mut args = std::env::args().skip(1);
    while let Some(arg) = args.next() {
        let mut value = || args.next().ok_or_else(|| format!("{arg} needs a value"));
        match arg.as_str() {
            // Cargo says so to every benchmark.
            "--bench" => {}
            "--layers" => parsed.layers = true,
            "--tuning" => parsed.tuning = Some(value()?.parse()?),
            "--runs" => parsed.runs = value()?.parse()?,
            "--backend" => {
                let backend = |name: &str| match name {
                    "gpu" => Ok("gpu"),
                    "cpu" => Ok("cpu"),
                    other => Err(format!("--backend is gpu, cpu or both with a comma, got `{other}`")),
                };
                parsed.backends = value()?.split(',').map(backend).collect::<Result<_, _>>()?;
            }
            "--plan" => {
                let plan = |name: &str| match name {
                    "plain" => Ok(PlanKind::Plain),
                    "fused" => Ok(PlanKind::Fused),
                    other => Err(format!("--plan is plain, fused or both with a comma, got `{other}`")),
                };
                parsed.plans = value()?.split(',').map(plan).collect::<Result<_, _>>()?;
            }
            "--weight-dtype" => {
                let dtype = |name: &str| match name {
                    "f32" => Ok(WeightDtype::F32),
                    "f16" => Ok(WeightDtype::F16),
                    other => Err(format!("--weight-dtype is f32, f16 or both with a comma, got `{other}`")),
                };
                parsed.weight_dtypes = value()?.split(',').map(dtype).collect::<Result<_, _>>()?;
            }
            name => parsed.names.push(name.to_owned()),
        }
    }
    if parsed.names.is_empty() {
        parsed.names = PAPER_FAMILY.iter().map(|(c, d)| format!("resnext50_{c}x{d}d")).collect();
    }
    Ok(parsed)
}

/// Chooses kernels by measurement, and tells it.
async fn tune(gpu: &Gpu) -> Result<(), Failure> {
    let tuned = gpu.tune().await?;
    for Trial { role, method, ms } in tuned.trials {
        println!("{role:?} {}: {ms:.2} ms", method.name());
    }
    println!("tuned in {:.0} ms: {}", tuned.ms, tuned.tuning);
    Ok(())
}

async fn run(args: &Args) -> Result<(), Failure> {
    let mut devices = Vec::new();
    for &backend in &args.backends {
        devices.push((backend, device(backend, args.tuning).await?));
    }
    let mut networks = Vec::new();
    for name in &args.names {
        let model = Model::untrained(ResNextConfig::preset(name)?);
        for (backend, device) in &devices {
            for &kind in &args.plans {
                for &weight_dtype in &args.weight_dtypes {
                    let options = PlanOptions { kind, weight_dtype, tuning: None };
                    // Loading runs once: compiling is not measured.
                    let classifier = Classifier::load(device, &model, options, |_| {}).await?;
                    networks.push((name, backend, options, classifier, Vec::new()));
                }
            }
        }
    }
    let input = |classifier: &Classifier| vec![0.5; classifier.graph().input_shape().len()];
    for _ in 0..args.runs {
        for (_, _, _, classifier, timings) in &mut networks {
            timings.push(classifier.classify(&input(classifier)).await?.timing);
        }
    }
    println!(
        "{:<20} {:<4} {:<6} {:<7} {:>12} {:>10} {:>12} {:>10}",
        "network", "on", "plan", "weights", "wall ms", "±", "GPU ms", "±"
    );
    for (name, backend, PlanOptions { kind, weight_dtype, .. }, classifier, timings) in &networks {
        let Measurement { wall, gpu } = Measurement::new(timings as &[Timing]);
        let (gpu_median, gpu_spread) = gpu.map_or((f64::NAN, f64::NAN), |gpu| (gpu.median, gpu.spread));
        print!(
            "{name:<20} {backend:<4} {kind:<6} {weight_dtype:<7} {:>12.1} {:>10.1} {gpu_median:>12.1} {gpu_spread:>10.1}",
            wall.median, wall.spread
        );
        let (rate, bytes) = (classifier.plan().macs() as f64 / wall.median / 1e6, classifier.bytes());
        println!("  {rate:.2} GMAC/s, {:.1} MB", bytes as f64 / 1e6);
    }
    if args.layers
        && let Some((name, backend, options, classifier, _)) = networks.first()
    {
        println!("\n{name} {backend} {options}, by step");
        for (time, step) in classifier.profile(&input(classifier)).await?.iter().zip(&classifier.plan().steps) {
            let rate = step.macs as f64 / time.ms / 1e6;
            println!(
                "{:<24} {:<48} {:>9.2} ms {rate:>7.2} GMAC/s",
                time.layers[0],
                step.dispatch.kernel.name(),
                time.ms
            );
        }
    }
    Ok(())
}

async fn device(backend: &str, tuning: Option<Tuning>) -> Result<Device, Failure> {
    if backend == "cpu" {
        return Ok(Device::Cpu);
    }
    let gpu = Rc::new(Gpu::request().await?);
    println!("on {:?}", gpu.adapter());
    match tuning {
        Some(tuning) => gpu.set_tuning(tuning),
        None => tune(&gpu).await?,
    }
    Ok(Device::Gpu(gpu))
}
