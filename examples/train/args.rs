//! The command line.

use std::path::PathBuf;

use cardinal::plan::Hyperparameters;
use clap::Parser;

use super::choice::Backend;

/// Train a network on a batch and print one JSON object.
#[derive(Debug, Parser)]
#[command(name = "train")]
pub struct Args {
    /// The network that training begins with: its weights, or the folder that holds them. A config.json beside them is read too.
    #[arg(long, value_name = "W.safetensors|DIR")]
    pub weights: PathBuf,
    /// The batch, the same in every step: `input`, F32 of [n, c, h, w], already normalised, and `labels`, I64 of [n].
    #[arg(long, value_name = "B.safetensors")]
    pub batch: PathBuf,
    /// How often its parameters are changed.
    #[arg(long, value_name = "N", default_value_t = 1)]
    pub steps: usize,
    /// Where the trained network goes: parameters and running statistics in f32.
    #[arg(long, value_name = "OUT.safetensors")]
    pub out: Option<PathBuf>,
    /// Where the gradients of the first step go.
    #[arg(long, value_name = "G.safetensors")]
    pub gradients: Option<PathBuf>,
    /// Strides of the stages, which the weights do not tell.
    #[arg(long, value_name = "1,2,2,2", value_delimiter = ',')]
    pub strides: Option<Vec<usize>>,
    #[arg(long, value_enum, default_value_t = Backend::Cpu)]
    pub backend: Backend,
    #[command(flatten)]
    optimiser: Optimiser,
    /// Print the training plan, step by step, on standard error.
    #[arg(long)]
    pub plan: bool,
    /// Print JSON, which is the only format.
    #[arg(long)]
    json: bool,
}

/// The settings of `torch.optim.SGD`, and of the loss.
#[derive(Debug, clap::Args)]
struct Optimiser {
    /// Learning rate.
    #[arg(long, value_name = "RATE", default_value_t = 0.1)]
    lr: f32,
    #[arg(long, value_name = "SHARE", default_value_t = 0.0)]
    momentum: f32,
    /// Nesterov's momentum.
    #[arg(long)]
    nesterov: bool,
    /// Added to the gradient, times the parameter.
    #[arg(long, value_name = "FACTOR", default_value_t = 0.0)]
    weight_decay: f32,
    /// Leave batch norm and biases out of the decay.
    #[arg(long)]
    decay_weights_only: bool,
    /// Share of the target that is spread over all classes.
    #[arg(long, value_name = "SHARE", default_value_t = 0.0)]
    label_smoothing: f32,
}

impl Args {
    /// The settings of loss and optimiser.
    ///
    /// # Errors
    /// Which one is out of its range, in one line.
    pub fn settings(&self) -> Result<Hyperparameters, String> {
        let Optimiser { lr, momentum, nesterov, weight_decay, decay_weights_only, label_smoothing } = self.optimiser;
        let within = |name: &str, value: f32, fits: bool, range: &str| match fits {
            true => Ok(()),
            false => Err(format!("--{name} {value}: expected a number {range}")),
        };
        within("lr", lr, lr.is_finite() && lr >= 0.0, "from 0")?;
        within("momentum", momentum, (0.0..=1.0).contains(&momentum), "from 0 to 1")?;
        within("weight-decay", weight_decay, weight_decay.is_finite() && weight_decay >= 0.0, "from 0")?;
        within("label-smoothing", label_smoothing, (0.0..=1.0).contains(&label_smoothing), "from 0 to 1")?;
        if nesterov && momentum == 0.0 {
            return Err("--nesterov needs --momentum above 0".into());
        }
        Ok(Hyperparameters { lr, momentum, nesterov, weight_decay, decay_weights_only, label_smoothing })
    }
}
