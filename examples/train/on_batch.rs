//! Training on one batch, the same in every step.

use std::path::Path;

use cardinal::classifier::Trainer;
use cardinal::model::{BlockForm, Graph};
use cardinal::plan::{TrainingOptions, TrainingPlan};
use cardinal::train::Network;
use cardinal::weights::NamedTensor;
use serde_json::{Value, json};

use super::args::Args;
use super::{Failure, device, files, saved};

/// Takes the steps and writes what was asked for.
///
/// # Errors
/// What cannot be read, planned or written.
pub async fn train(args: &Args, network: &Network, batch: &Path) -> Result<Value, Failure> {
    let settings = args.settings()?;
    let batch = files::batch(batch)?;
    let graph = Graph::build(&network.config, batch.shape.n, (batch.shape.h, batch.shape.w), BlockForm::C)?;
    if graph.input_shape() != batch.shape {
        return Err(format!("the network takes {}, the batch is {} (n×c×h×w)", graph.input_shape(), batch.shape).into());
    }
    let device = device::device(args.backend).await?;
    let options = TrainingOptions { keep_gradients: args.gradients.is_some(), tuning: device.tuning() };
    let plan = TrainingPlan::new(graph, options)?;
    if args.plan {
        eprintln!("{plan}");
    }
    let mut trainer = Trainer::build(&device, plan, &*network.source).await?;
    let (mut losses, mut step_ms) = (Vec::new(), Vec::new());
    for step in 0..args.steps {
        let learned = trainer.step(&batch.input, &batch.labels, &settings).await?;
        losses.push(learned.loss);
        step_ms.push(learned.wall_ms);
        if let (0, Some(path)) = (step, &args.gradients) {
            let gradients = trainer.gradients().await?.tensors;
            let file = NamedTensor::file(gradients.iter().map(|(key, gradient)| (key.clone(), gradient)), "");
            std::fs::write(path, file).map_err(|error| format!("{}: {error}", path.display()))?;
        }
    }
    if let Some(path) = &args.out {
        saved::save(path, &network.config, &network.metadata, false, &trainer.tensors().await?).await?;
    }
    Ok(json!({
        "backend": args.backend.name(),
        "adapter": device::adapter(&device),
        "network": network.config.title(),
        "loss": losses,
        "step_ms": step_ms,
        "peak_bytes": trainer.plan().bytes(),
    }))
}
