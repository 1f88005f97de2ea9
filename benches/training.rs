//! A step of training against the forward pass of the same batch, and against PyTorch's step on one thread, in turns in one run:
//!
//! ```text
//! cargo bench --bench training                                  # the shipped ResNeXt-20 8×8d, 64 pictures
//! cargo bench --bench training -- --backend cpu --torch python3 # a Python that has PyTorch
//! cargo bench --bench training -- --kernels                     # which kernels take the time
//! ```
//!
//! Every round takes each once: an inference of the batch, fused (batch norm folded into the weights) and plain, then a step. Prints
//! medians, half the 10-90 % range, and ratios. `--kernels` adds the time by phase and kernel, each measured by itself.
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
#[path = "common/torch.rs"]
mod torch;
#[path = "common/weights.rs"]
mod weights;

use std::num::NonZeroUsize;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use cardinal::classifier::{Device, Engine, Stats, Trainer};
use cardinal::model::{BlockForm, Graph};
use cardinal::plan::{Hyperparameters, Phase, Plan, PlanKind, PlanOptions, TrainingOptions, TrainingPlan};
use cardinal::weights::Checkpoint;
use choice::Backend;
use clap::Parser;
use torch::Torch;

type Failure = Box<dyn std::error::Error>;

/// A step of training against the forward pass of the same batch, and against PyTorch's.
#[derive(Parser)]
#[command(name = "training", bin_name = "cargo bench --bench training --")]
struct Args {
    /// The network's weights; those that come with the page by default.
    #[arg(long, value_name = "W.safetensors", default_value_os_t = shipped(), hide_default_value = true)]
    weights: PathBuf,
    #[arg(long, value_enum, value_delimiter = ',', default_value = "gpu,cpu")]
    backend: Vec<Backend>,
    /// Pictures of the batch.
    #[arg(long, value_name = "N", default_value = "64")]
    batch: NonZeroUsize,
    /// Timed rounds, after one that is not timed.
    #[arg(long, value_name = "N", default_value = "5")]
    runs: NonZeroUsize,
    /// A Python that has PyTorch, which then takes the same step on one thread; its network is that of train/.
    #[arg(long, value_name = "PYTHON")]
    torch: Option<PathBuf>,
    /// Print the time by phase and kernel.
    #[arg(long)]
    kernels: bool,
    /// Cargo passes this flag to every benchmark.
    #[arg(long, hide = true)]
    bench: bool,
}

fn shipped() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("assets/models/resnext20_8x8d_cifar10_f16.safetensors")
}

fn main() -> ExitCode {
    exit::finish("training", pollster::block_on(run(&Args::parse())))
}

/// The same noise in every run, about as large as normalised pictures.
fn noise(len: usize) -> Vec<f32> {
    let mut state = 1_u32;
    let next = || {
        state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
        (state >> 8) as f32 / (1 << 22) as f32 - 2.0
    };
    std::iter::repeat_with(next).take(len).collect()
}

/// Steps of the list of those that take longest.
const LONGEST: usize = 24;

/// Phase, kernel, number of steps, milliseconds of all.
type Row = (Phase, &'static str, usize, f64);

/// A network on a device: two forms of its inference, and its training.
struct Subject {
    name: &'static str,
    inference: [Engine; 2],
    trainer: Trainer,
    /// Milliseconds of fused and plain inference, and of the step.
    times: [Vec<f64>; 3],
}

impl Subject {
    async fn new(backend: Backend, checkpoint: &Checkpoint<Vec<u8>>, batch: usize) -> Result<Self, Failure> {
        let device: Device = device::device(backend).await?;
        let metadata = checkpoint.metadata();
        let side = cardinal::classifier::preprocess(metadata).crop;
        let graph = || Graph::build(checkpoint.config(), batch, (side, side), BlockForm::C);
        let tuning = device.tuning();
        let inference = async |kind| -> Result<Engine, Failure> {
            let plan = Plan::new(graph()?, PlanOptions { kind, tuning, ..PlanOptions::default() })?;
            Ok(Engine::build(&device, plan, checkpoint, &|_| {}).await?)
        };
        let plan = TrainingPlan::new(graph()?, TrainingOptions { keep_gradients: false, tuning })?;
        Ok(Self {
            name: backend.name(),
            inference: [inference(PlanKind::Fused).await?, inference(PlanKind::Plain).await?],
            trainer: Trainer::build(&device, plan, checkpoint).await?,
            times: Default::default(),
        })
    }

    /// A batch, and the settings of `train/`'s recipe at a rate that changes little.
    fn batch(&self) -> (Vec<f32>, Vec<u32>, Hyperparameters) {
        let plan = self.trainer.plan();
        let (shape, classes) = (plan.graph.input_shape(), plan.graph.config.num_classes as u32);
        let settings =
            Hyperparameters { lr: 1e-4, momentum: 0.9, nesterov: true, weight_decay: 5e-4, ..Default::default() };
        (noise(shape.len()), (0..shape.n as u32).map(|n| n % classes).collect(), settings)
    }

    async fn round(&mut self) -> Result<[f64; 3], Failure> {
        let (input, labels, settings) = self.batch();
        let [fused, plain] = &self.inference;
        let [fused, plain] = [fused.run(&input).await?.wall_ms, plain.run(&input).await?.wall_ms];
        Ok([fused, plain, self.trainer.step(&input, &labels, &settings).await?.wall_ms])
    }

    /// Steps and milliseconds by phase and kernel, and the steps that take longest.
    async fn kernels(&mut self, runs: usize) -> Result<(Vec<Row>, Vec<(String, &'static str, f64)>), Failure> {
        let (input, labels, settings) = self.batch();
        let mut profiles = Vec::new();
        for _ in 0..runs {
            profiles.push(self.trainer.profile(&input, &labels, &settings).await?);
        }
        let (mut rows, mut longest): (Vec<Row>, Vec<_>) = Default::default();
        for (at, step) in self.trainer.plan().steps.iter().enumerate() {
            let ms = Stats::new(profiles.iter().map(|profile| profile[at]).collect()).median;
            longest.push((step.label.clone(), step.task.name(), ms));
            match rows.iter_mut().find(|row| (row.0, row.1) == (step.phase, step.task.name())) {
                Some(row) => (row.2, row.3) = (row.2 + 1, row.3 + ms),
                None => rows.push((step.phase, step.task.name(), 1, ms)),
            }
        }
        rows.sort_by(|one, other| other.3.total_cmp(&one.3));
        longest.sort_by(|one, other| other.2.total_cmp(&one.2));
        longest.truncate(LONGEST);
        Ok((rows, longest))
    }
}

async fn run(args: &Args) -> Result<(), Failure> {
    let (batch, runs) = (args.batch.get(), args.runs.get());
    let checkpoint = weights::read(&args.weights)?.checkpoint(None)?;
    let mut torch = args.torch.as_deref().map(|python| Torch::start(python, checkpoint.config(), batch)).transpose()?;
    let mut subjects = Vec::new();
    for &backend in &args.backend {
        let mut subject = Subject::new(backend, &checkpoint, batch).await?;
        subject.round().await?;
        subjects.push(subject);
    }
    let mut by_torch: [Vec<f64>; 2] = Default::default();
    for _ in 0..runs {
        for subject in &mut subjects {
            let times = subject.round().await?;
            subject.times.iter_mut().zip(times).for_each(|(all, ms)| all.push(ms));
        }
        if let Some(torch) = &mut torch {
            let times = torch.measure()?;
            by_torch.iter_mut().zip(times).for_each(|(all, ms)| all.push(ms));
        }
    }
    println!("{}, {batch} pictures, {runs} rounds in turns\n", checkpoint.config().title());
    println!("| on | what | median ms | ± | step / this |\n| --- | --- | ---: | ---: | ---: |");
    let row = |on: &str, what: &str, samples: &[f64], step: f64| {
        let Stats { median, spread, .. } = Stats::new(samples.to_vec());
        println!("| {on} | {what} | {median:.0} | {spread:.0} | {:.2} |", step / median);
    };
    for Subject { name, times: [fused, plain, step], .. } in &subjects {
        let median = Stats::new(step.clone()).median;
        row(name, "forward pass, fused", fused, median);
        row(name, "forward pass, plain", plain, median);
        row(name, "training step", step, median);
        if let Some(torch) = &torch {
            row(&torch.version, "training step, one thread", &by_torch[1], median);
        }
    }
    if let Some(torch) = &torch {
        row(&torch.version, "forward pass, one thread", &by_torch[0], Stats::new(by_torch[1].clone()).median);
    }
    for subject in subjects.iter_mut().filter(|_| args.kernels) {
        println!(
            "\n{}, by phase and kernel\n\n| phase | kernel | steps | ms |\n| --- | --- | ---: | ---: |",
            subject.name
        );
        let (rows, longest) = subject.kernels(runs).await?;
        for (phase, kernel, steps, ms) in &rows {
            println!("| {phase} | `{kernel}` | {steps} | {ms:.1} |");
        }
        println!("\n| longest steps | kernel | ms |\n| --- | --- | ---: |");
        for (label, kernel, ms) in longest {
            println!("| {label} | `{kernel}` | {ms:.1} |");
        }
        let phases = [Phase::Forward, Phase::Loss, Phase::Backward, Phase::Optimiser].map(|phase| {
            let ms: f64 = rows.iter().filter(|row| row.0 == phase).map(|row| row.3).sum();
            format!("{phase} {ms:.0} ms")
        });
        println!("\n{}", phases.join(", "));
    }
    Ok(())
}
