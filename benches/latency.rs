//! Latency of whole networks, interleaved in one run, untrained weights:
//!
//! ```text
//! cargo bench --bench latency                                        # ResNeXt-50's family, fused
//! cargo bench --bench latency -- resnext50_32x4d --plan plain,fused --runs 9 --layers
//! cargo bench --bench latency -- resnext50_32x4d --weight-dtype f32,f16
//! cargo bench --bench latency -- resnext50_32x4d --activation-dtype f32,f16
//! cargo bench --bench latency -- --tuning TUNING   # as the first line prints it; otherwise measured
//! cargo bench --bench latency -- resnext50_32x4d --backend gpu,cpu
//! ```
//!
//! Prints the median and half the 10-90 % range of each; `--layers` adds the time of each layer of the first one.
#![allow(unreachable_pub, reason = "a program has no users: `pub` marks what its other files use")]
#![cfg_attr(target_arch = "wasm32", no_main)] // Clippy for wasm32 looks at every target; this one is native.
#![cfg(not(target_arch = "wasm32"))]

#[path = "common/choice.rs"]
mod choice;
#[path = "common/exit.rs"]
mod exit;

use std::num::NonZeroUsize;
use std::process::ExitCode;
use std::rc::Rc;

use cardinal::classifier::{Classifier, Device, Measurement, Model, Timing};
use cardinal::gpu::{Gpu, Trial};
use cardinal::model::{PAPER_FAMILY, ResNextConfig};
use cardinal::plan::{GpuDtype, PlanKind, PlanOptions, Tuning};
use choice::Backend;
use clap::Parser;

type Failure = Box<dyn std::error::Error>;

/// Latency of whole networks, in turns in one run, with untrained weights.
#[derive(Parser)]
#[command(name = "latency", bin_name = "cargo bench --bench latency --")]
struct Args {
    /// Names of the networks; ResNeXt-50's family by default.
    #[arg(value_name = "NETWORK", value_parser = choice::network, default_values_t = family(), hide_default_value = true)]
    names: Vec<String>,
    #[arg(long, value_enum, value_delimiter = ',', default_value = "gpu")]
    backend: Vec<Backend>,
    #[arg(long, value_parser = choice::plan(), value_delimiter = ',', default_value = "fused")]
    plan: Vec<PlanKind>,
    /// Data types of the weights on the GPU.
    #[arg(long, value_parser = choice::weight_dtype(), value_delimiter = ',', default_value = "f32")]
    weight_dtype: Vec<GpuDtype>,
    /// Data types of the activations on the GPU; f16 needs `shader-f16`. As tuned by default.
    #[arg(long, value_parser = choice::weight_dtype(), value_delimiter = ',')]
    activation_dtype: Vec<GpuDtype>,
    /// Timed runs of each.
    #[arg(long, value_name = "N", default_value = "5")]
    runs: NonZeroUsize,
    /// Print the time of each layer of the first network.
    #[arg(long)]
    layers: bool,
    /// A method for each class; measured by default.
    #[arg(long, value_name = "METHOD,...")]
    tuning: Option<Tuning>,
    /// Cargo passes this flag to every benchmark.
    #[arg(long, hide = true)]
    bench: bool,
}

fn family() -> Vec<String> {
    PAPER_FAMILY.iter().map(|(c, d)| format!("resnext50_{c}x{d}d")).collect()
}

fn main() -> ExitCode {
    exit::finish("latency", pollster::block_on(run(&Args::parse())))
}

/// Chooses kernels by measurement, and prints them.
async fn tune(gpu: &Gpu) -> Result<(), Failure> {
    let tuned = gpu.tune().await?;
    for Trial { class, method, ms } in tuned.trials {
        println!("{class:?} {}: {ms:.2} ms", method.name());
    }
    println!("tuned in {:.0} ms: {}", tuned.ms, tuned.tuning);
    Ok(())
}

async fn run(args: &Args) -> Result<(), Failure> {
    let mut devices = Vec::new();
    for &backend in &args.backend {
        devices.push((backend, device(backend, args.tuning).await?));
    }
    let mut networks = Vec::new();
    for name in &args.names {
        let model = Model::untrained(ResNextConfig::preset(name)?);
        for (backend, device) in &devices {
            for &kind in &args.plan {
                for &weight_dtype in &args.weight_dtype {
                    for tuning in tunings(device, &args.activation_dtype) {
                        let options = PlanOptions { kind, weight_dtype, tuning };
                        // Loading runs once: compiling is not measured.
                        let classifier = Classifier::load(device, &model, options, |_| {}).await?;
                        networks.push((name, backend, options, classifier, Vec::new()));
                    }
                }
            }
        }
    }
    let input = |classifier: &Classifier| vec![0.5; classifier.graph().input_shape().len()];
    for _ in 0..args.runs.get() {
        for (_, _, _, classifier, timings) in &mut networks {
            timings.push(classifier.classify(&input(classifier)).await?.timing);
        }
    }
    println!(
        "{:<20} {:<4} {:<6} {:<7} {:<11} {:>12} {:>10} {:>12} {:>10}",
        "network", "on", "plan", "weights", "activations", "wall ms", "±", "GPU ms", "±"
    );
    for (name, backend, PlanOptions { kind, weight_dtype, .. }, classifier, timings) in &networks {
        let activations = classifier.plan().input_dtype();
        let Measurement { wall, gpu } = Measurement::new(timings as &[Timing]);
        let (gpu_median, gpu_spread) = gpu.map_or((f64::NAN, f64::NAN), |gpu| (gpu.median, gpu.spread));
        print!(
            "{name:<20} {:<4} {kind:<6} {weight_dtype:<7} {activations:<11} {:>12.1} {:>10.1} {gpu_median:>12.1} {gpu_spread:>10.1}",
            backend.name(),
            wall.median,
            wall.spread
        );
        let (rate, bytes) = (classifier.plan().macs() as f64 / wall.median / 1e6, classifier.bytes());
        println!("  {rate:.2} GMAC/s, {:.1} MB", bytes as f64 / 1e6);
    }
    if args.layers
        && let Some((name, backend, options, classifier, _)) = networks.first()
    {
        println!("\n{name} {} {options}, by step", backend.name());
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

/// The device's tuning with each of these types of activations; on the CPU, and where none is given, its own.
fn tunings(device: &Device, dtypes: &[GpuDtype]) -> Vec<Option<Tuning>> {
    let with = |mut tuning: Tuning| {
        let each = dtypes.iter().map(move |&dtype| {
            tuning.activation_f16 = dtype == GpuDtype::F16;
            Some(tuning)
        });
        each.collect()
    };
    device.tuning().filter(|_| !dtypes.is_empty()).map_or(vec![None], with)
}

async fn device(backend: Backend, tuning: Option<Tuning>) -> Result<Device, Failure> {
    if backend == Backend::Cpu {
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
