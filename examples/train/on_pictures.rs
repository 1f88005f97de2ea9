//! Training on a set of pictures, epoch by epoch, by the recipe of `train/train.py`.

use std::path::Path;
use std::time::Instant;

use cardinal::classifier::{Device, Engine, Trainer, preprocess};
use cardinal::model::{BlockForm, Graph, ResNextConfig};
use cardinal::plan::{Hyperparameters, LOGITS, Plan, PlanKind, TrainingOptions, TrainingPlan};
use cardinal::weights::NamedTensors;
use serde_json::{Value, json};

use super::args::{Args, Data};
use super::data::{Pictures, Set};
use super::recipe::{Normalise, Random, follow, rate};
use super::saved_run::SavedRun;
use super::start::Network;
use super::{Failure, device, saved};

/// Pictures that are tested at a time.
const TEST_BATCH: usize = 100;
/// The accuracy is measured after every so many epochs, and after the last.
const TESTED: usize = 4;

/// Trains, and writes the network.
///
/// # Errors
/// What cannot be read, planned or written.
pub async fn train(args: &Args, mut network: Network, data: &Data) -> Result<Value, Failure> {
    let Some(out) = &args.out else { return Err("--data needs --out, where the trained network goes".into()) };
    let settings = args.settings()?;
    let pictures = data.read(&preprocess(&network.metadata), args.run.per_class)?;
    let (classes, count) = (pictures.classes.len(), pictures.train.labels.len());
    if args.start.weights.is_some() && network.config.num_classes != classes {
        let got = network.config.num_classes;
        return Err(format!("the pictures have {classes} classes, the weights {got}; use --network or --config").into());
    }
    network.config.num_classes = classes;
    let batch_size = args.run.batch_size;
    if batch_size == 0 || batch_size > count {
        return Err(format!("--batch-size {batch_size}: expected 1 to {count}, the pictures to train on").into());
    }
    let side = network.metadata.input_size;
    let device = device::device(args.backend).await?;
    let plan = TrainingPlan::new(
        Graph::build(&network.config, batch_size, (side, side), BlockForm::C)?,
        TrainingOptions { tuning: device.tuning(), ..TrainingOptions::default() },
    )?;
    if args.plan {
        eprintln!("{plan}");
    }
    let (mean, std) = (network.metadata.mean.clone(), network.metadata.std.clone());
    let trainer = Trainer::build(&device, plan, &*network.source).await?;
    let average = NamedTensors::default();
    let mut run = Training {
        settings,
        pictures,
        normalise: Normalise { side, mean, std },
        saved: SavedRun::begin(out, arguments(args, &network, settings)),
        trainer,
        average,
        device,
    };
    run.saved.resume(&mut run.trainer, &mut run.average)?;
    run.epochs(args).await?;
    let finished = run.saved.epochs().len() >= args.run.epochs;
    if finished {
        network.metadata.classes = Some(run.pictures.classes.clone());
        network.metadata.dataset = Some(run.pictures.name.clone());
        network.metadata.test_accuracy = run.saved.epochs().last().and_then(|epoch| epoch["test"].as_f64());
        network.metadata.recipe = Some(recipe(args, settings));
        saved::save(out, &network.config, &network.metadata, false, &run.average).await?;
        run.saved.finish()?;
    }
    Ok(json!({
        "backend": args.backend.name(),
        "adapter": device::adapter(&run.device),
        "network": network.config.title(),
        "finished": finished,
        "epochs": run.saved.epochs(),
        "peak_bytes": run.trainer.plan().bytes(),
    }))
}

struct Training {
    settings: Hyperparameters,
    pictures: Pictures,
    normalise: Normalise,
    saved: SavedRun,
    trainer: Trainer,
    device: Device,
    /// The exponential moving average of the weights, which is tested and saved.
    average: NamedTensors,
}

impl Training {
    /// The epochs that are left.
    async fn epochs(&mut self, args: &Args) -> Result<(), Failure> {
        for epoch in self.saved.epochs().len()..args.run.epochs.min(args.run.until) {
            let start = Instant::now();
            let loss = self.epoch(args, epoch).await?;
            let seconds = start.elapsed().as_secs_f64();
            let is_tested = epoch % TESTED == TESTED - 1 || epoch + 1 == args.run.epochs;
            let test = if is_tested { Some(self.accuracy().await?) } else { None };
            let line = json!({
                "epoch": epoch + 1,
                "loss": (loss * 1e4).round() / 1e4,
                "seconds": seconds.round(),
                "test": test,
            });
            eprintln!("{line}");
            self.saved.epoch(line, &self.trainer, &self.average).await?;
        }
        Ok(())
    }

    /// One pass over the pictures; the mean loss. The last pictures, which fill no batch, are left out.
    async fn epoch(&mut self, args: &Args, epoch: usize) -> Result<f64, Failure> {
        let (count, batch_size) = (self.pictures.train.labels.len(), args.run.batch_size);
        let mut random = Random::of_epoch(args.run.seed, epoch);
        let order = random.order(count);
        let batches = count / batch_size;
        let mut total = 0.0;
        for (batch, chosen) in order.chunks_exact(batch_size).enumerate() {
            let step = epoch * batches + batch;
            let mut input = Vec::new();
            for &picture in chosen {
                self.normalise.push(&self.pictures.train, picture, Some(&mut random), &mut input);
            }
            let labels: Vec<u32> = chosen.iter().map(|&picture| self.pictures.train.labels[picture]).collect();
            let lr = rate(self.settings.lr, step, args.run.epochs * batches);
            let learned = self.trainer.step(&input, &labels, &Hyperparameters { lr, ..self.settings }).await?;
            if !learned.loss.is_finite() {
                return Err(format!("the loss is {} at step {step}; choose a lower --lr", learned.loss).into());
            }
            total += learned.loss;
            follow(&mut self.average, step, self.trainer.tensors().await?);
        }
        Ok(total / batches as f64)
    }

    /// The share of the test pictures that the average classifies correctly.
    async fn accuracy(&self) -> Result<f64, Failure> {
        let (set, config) = (&self.pictures.test, &self.trainer.plan().graph.config);
        let count = set.labels.len();
        let mut right = 0;
        let mut engine: Option<Engine> = None;
        for start in (0..count).step_by(TEST_BATCH) {
            let n = TEST_BATCH.min(count - start);
            let fits = engine.as_ref().is_some_and(|engine| engine.plan().graph.input_shape().n == n);
            if !fits {
                engine = Some(self.tester(config, n).await?);
            }
            let Some(engine) = &engine else { unreachable!("it was just built") };
            right += self.right(engine, set, start..start + n).await?;
        }
        Ok(right as f64 / count as f64)
    }

    async fn tester(&self, config: &ResNextConfig, n: usize) -> Result<Engine, Failure> {
        let graph = Graph::build(config, n, (self.normalise.side, self.normalise.side), BlockForm::C)?;
        let plan = Plan::new(graph, PlanKind::Fused)?;
        Ok(Engine::build(&self.device, plan, &self.average, &|_| {}).await?)
    }

    async fn right(&self, engine: &Engine, set: &Set, range: std::ops::Range<usize>) -> Result<usize, Failure> {
        let mut input = Vec::new();
        for picture in range.clone() {
            self.normalise.push(set, picture, None, &mut input);
        }
        let run = engine.run(&input).await?;
        let rows = run.outputs.values(LOGITS).chunks_exact(self.pictures.classes.len());
        let largest = |row: &[f32]| row.iter().enumerate().max_by(|a, b| a.1.total_cmp(b.1)).map(|(class, _)| class);
        Ok(rows.zip(&set.labels[range]).filter(|(row, label)| largest(row) == Some(**label as usize)).count())
    }
}

/// What must be the same where a run goes on.
fn arguments(args: &Args, network: &Network, settings: Hyperparameters) -> Value {
    json!({
        "network": network.config,
        "weights": args.start.weights.as_deref().map(Path::display).map(|path| path.to_string()),
        "data": format!("{:?}", args.pictures.data),
        "per_class": (args.run.per_class < usize::MAX).then_some(args.run.per_class),
        "epochs": args.run.epochs,
        "batch_size": args.run.batch_size,
        "seed": args.run.seed,
        "recipe": recipe(args, settings),
    })
}

/// The recipe in words, as the shipped files have it.
fn recipe(args: &Args, settings: Hyperparameters) -> String {
    let Hyperparameters { lr, momentum, weight_decay, label_smoothing, .. } = settings;
    let (epochs, batch, seed) = (args.run.epochs, args.run.batch_size, args.run.seed);
    format!(
        "epochs {epochs}, batch {batch}, rate {lr}, Nesterov momentum {momentum}, weight decay {weight_decay}, label smoothing \
         {label_smoothing}, ema 0.998, seed {seed}"
    )
}
