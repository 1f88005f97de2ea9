//! Training on a set of pictures, epoch by epoch, by the recipe of `train/train.py`.

use std::path::Path;
use std::rc::Rc;
use std::time::Instant;

use cardinal::classifier::{TrainingRun, preprocess};
use cardinal::train::{Network, Recipe};
use serde_json::{Value, json};

use super::args::{Args, Data};
use super::saved_run::SavedRun;
use super::{Failure, device, saved};

/// The accuracy is measured after every so many epochs, and after the last.
const TESTED: usize = 4;

/// Trains, and writes the network.
///
/// # Errors
/// What cannot be read, planned or written.
pub async fn train(args: &Args, mut network: Network, data: &Data) -> Result<Value, Failure> {
    let Some(out) = &args.out else { return Err("--data needs --out, where the trained network goes".into()) };
    let pictures = data.read(&preprocess(&network.metadata), args.run.per_class)?;
    if args.start.weights.is_none() {
        network.config.num_classes = pictures.classes.len();
    }
    let recipe = Recipe {
        epochs: args.run.epochs,
        batch_size: args.run.batch_size,
        seed: args.run.seed,
        settings: args.settings()?,
    };
    let device = device::device(args.backend).await?;
    let mut saved_run = SavedRun::begin(out, arguments(args, &network, &recipe));
    let mut run = TrainingRun::begin(&device, network, recipe, Rc::new(pictures)).await?;
    if args.plan {
        eprintln!("{}", run.plan());
    }
    saved_run.resume(&mut run)?;
    for epoch in saved_run.epochs().len()..args.run.epochs.min(args.run.until) {
        let start = Instant::now();
        let mut total = 0.0;
        while run.step_count() < (epoch + 1) * run.steps_per_epoch() {
            total += run.step().await?.loss;
        }
        let loss = total / run.steps_per_epoch() as f64;
        let seconds = start.elapsed().as_secs_f64();
        let is_tested = epoch % TESTED == TESTED - 1 || run.is_done();
        let test = if is_tested { Some(run.accuracy().await?) } else { None };
        let line = json!({
            "epoch": epoch + 1,
            "loss": (loss * 1e4).round() / 1e4,
            "seconds": seconds.round(),
            "test": test.map(|(right, of)| right as f64 / of as f64),
        });
        eprintln!("{line}");
        saved_run.epoch(line, &run).await?;
    }
    if run.is_done() {
        let accuracy = saved_run.epochs().last().and_then(|epoch| epoch["test"].as_f64());
        saved::save(out, run.config(), &run.metadata(accuracy), false, &run.network().await?).await?;
        saved_run.finish()?;
    }
    Ok(json!({
        "backend": args.backend.name(),
        "adapter": device::adapter(&device),
        "network": run.config().title(),
        "finished": run.is_done(),
        "epochs": saved_run.epochs(),
        "peak_bytes": run.plan().bytes(),
    }))
}

/// What must be the same where a run goes on.
fn arguments(args: &Args, network: &Network, recipe: &Recipe) -> Value {
    json!({
        "network": network.config,
        "weights": args.start.weights.as_deref().map(Path::display).map(|path| path.to_string()),
        "data": format!("{:?}", args.pictures.data),
        "per_class": (args.run.per_class < usize::MAX).then_some(args.run.per_class),
        "epochs": recipe.epochs,
        "batch_size": recipe.batch_size,
        "seed": recipe.seed,
        "recipe": recipe.text(),
    })
}
