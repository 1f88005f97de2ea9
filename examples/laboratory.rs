//! The cardinality laboratory without a page: measures every stop of the first network's dial, and writes the table of results.
//!
//! ```text
//! cargo run --example laboratory -- measure docs/results/mine.json --runs 5
//! cargo run --example laboratory -- table docs/results
//! ```
//!
//! `cargo xtask results` runs both.
#![allow(unreachable_pub, reason = "a program has no users: `pub` marks what its other files use")]
#![cfg_attr(target_arch = "wasm32", no_main)] // `wasm-pack test` builds every example; this one is native.
#![cfg(not(target_arch = "wasm32"))]

#[path = "../benches/common/exit.rs"]
mod exit;
#[path = "../benches/common/folder.rs"]
mod folder;
#[path = "../benches/common/results.rs"]
mod results;
#[path = "../benches/common/weights.rs"]
mod weights;

use std::fs;
use std::num::NonZeroUsize;
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::rc::Rc;
use std::time::{SystemTime, UNIX_EPOCH};

use cardinal::classifier::{Classifier, Device, Model};
use cardinal::gpu::Gpu;
use cardinal::plan::{GpuDtype, PlanKind};
use cardinal::protocol::{Agreement, Backend, Laboratory, Setting};
use cardinal::view::lab::{LabResult, Surroundings};
use cardinal::zoo::{Location, cardinality_options, offers};
use clap::{Parser, Subcommand};

type Failure = Box<dyn std::error::Error>;

/// The picture on which GPU and CPU are compared.
const PICTURE: &str = "assets/samples/cifar10/frog.png";

/// The cardinality laboratory without a page.
#[derive(Parser)]
#[command(name = "laboratory")]
struct Args {
    #[command(subcommand)]
    task: Task,
}

#[derive(Subcommand)]
enum Task {
    /// Measure every stop of the first network's dial, and write the result as the page does.
    Measure {
        /// Write the result to this file.
        file: PathBuf,
        /// Runs of each stop.
        #[arg(long, value_name = "N", default_value = "10")]
        runs: NonZeroUsize,
        /// What the table says below itself.
        #[arg(long, value_name = "TEXT", default_value = "", hide_default_value = true)]
        note: String,
    },
    /// Write README.md with the table of the results in a folder.
    Table {
        /// The folder.
        folder: PathBuf,
    },
}

fn main() -> ExitCode {
    let written = match Args::parse().task {
        Task::Measure { file, runs, note } => pollster::block_on(measure(&file, runs.get(), note)).map(|()| file),
        Task::Table { folder } => table(&folder),
    };
    exit::report("laboratory", written.map(|path| format!("written: {}", path.display())))
}

fn table(folder: &Path) -> Result<PathBuf, Failure> {
    let path = folder.join(results::DOCUMENT);
    fs::write(&path, results::document(folder)?)?;
    Ok(path)
}

async fn measure(file: &Path, runs: usize, note: String) -> Result<(), Failure> {
    let gpu = Rc::new(Gpu::request().await?);
    let tuning = gpu.tune().await?.tuning.to_string();
    let offer = offers().swap_remove(0);
    let setting = |config| Setting {
        network: 0,
        config,
        backend: Backend::WebGpu,
        plan: PlanKind::Fused,
        weight_dtype: GpuDtype::F32,
        cores: 0,
    };
    let settings = cardinality_options(&offer.config, &offer.trained).into_iter().map(setting).collect();
    let mut laboratory = Laboratory { begun: now(), ..Laboratory::new(settings, runs) };
    let mut stops = Vec::new();
    for stop in &laboratory.stops {
        // Loading runs once: compiling is not measured.
        let model = Model::untrained(stop.setting.config.clone());
        stops.push(Classifier::load(&gpu, &model, stop.setting.options(), |_| {}).await?);
    }
    while let Some(place) = laboratory.next() {
        let input = vec![0.5; stops[place].graph().input_shape().len()];
        let timing = stops[place].classify(&input).await?.timing;
        laboratory.take(place, timing.wall_ms, timing.gpu_ms, false);
    }
    let Location::Bundled(weights) = &offer.trained[0].location else {
        return Err("the first network is bundled".into());
    };
    laboratory.agreement = agreement(&gpu, weights).await?;
    let surroundings = Surroundings { adapter: Some(gpu.adapter().into()), browser: "native".into(), tuning };
    let result = LabResult { note, ..LabResult::of(&laboratory, offer.side, surroundings) };
    Ok(fs::write(file, result.json() + "\n")?)
}

/// How far GPU and CPU agree on a picture, with the weights of the first network.
async fn agreement(gpu: &Rc<Gpu>, file: &str) -> Result<Option<Agreement>, Failure> {
    let model = weights::read(Path::new(file))?.model().await?;
    let tensor = model.preprocess().apply(&folder::picture(Path::new(PICTURE))?)?.tensor;
    let mut logits = Vec::new();
    for device in [Device::from(gpu), Device::Cpu] {
        let classifier = Classifier::load(&device, &model, PlanKind::Fused, |_| {}).await?;
        logits.push(classifier.classify(&tensor).await?.logits);
    }
    Ok(Agreement::of(model.config().title(), &logits[0], &logits[1]))
}

/// The time in UTC, as ISO 8601 has it.
fn now() -> String {
    let seconds = SystemTime::now().duration_since(UNIX_EPOCH).map_or(0, |since| since.as_secs());
    let (mut days, of_day) = (seconds / 86_400, seconds % 86_400);
    let mut year = 1970;
    let is_leap = |year: u64| year.is_multiple_of(4) && (!year.is_multiple_of(100) || year.is_multiple_of(400));
    while days >= 365 + u64::from(is_leap(year)) {
        days -= 365 + u64::from(is_leap(year));
        year += 1;
    }
    let months = [31, 28 + u64::from(is_leap(year)), 31, 30, 31, 30, 31, 31, 30, 31, 30, 31];
    let mut month = 0;
    while days >= months[month] {
        days -= months[month];
        month += 1;
    }
    let (hours, minutes) = (of_day / 3600, of_day / 60 % 60);
    format!("{year}-{:02}-{:02}T{hours:02}:{minutes:02}:{:02}Z", month + 1, days + 1, of_day % 60)
}
