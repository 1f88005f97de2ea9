//! The command line.

use std::path::PathBuf;
use std::str::FromStr;

use cardinal::plan::Hyperparameters;
use clap::Parser;

use super::choice::Backend;

/// Train a network on one batch, or on a set of pictures, and print one JSON object.
#[derive(Debug, Parser)]
#[command(name = "train")]
pub struct Args {
    #[command(flatten)]
    pub start: Start,
    #[command(flatten)]
    pub pictures: Pictures,
    /// With --batch: how often the parameters are changed.
    #[arg(long, value_name = "N", default_value_t = 1)]
    pub steps: usize,
    /// Where the trained network goes: parameters and running statistics in f32. With --data it is needed.
    #[arg(long, value_name = "OUT.safetensors")]
    pub out: Option<PathBuf>,
    /// With --batch: where the gradients of the first step go.
    #[arg(long, value_name = "G.safetensors", conflicts_with = "data")]
    pub gradients: Option<PathBuf>,
    /// Strides of the stages, which the weights do not tell.
    #[arg(long, value_name = "1,2,2,2", value_delimiter = ',', requires = "weights")]
    pub strides: Option<Vec<usize>>,
    #[arg(long, value_enum, default_value_t = Backend::Gpu)]
    pub backend: Backend,
    #[command(flatten)]
    optimiser: Optimiser,
    #[command(flatten)]
    pub run: Run,
    /// Print the training plan, step by step, on standard error.
    #[arg(long)]
    pub plan: bool,
    /// Print JSON, which is the only format.
    #[arg(long)]
    json: bool,
}

/// What training begins with.
#[derive(Clone, Debug, clap::Args)]
#[group(required = true, multiple = false)]
pub struct Start {
    /// Weights, or the folder that holds them. A config.json beside them is read too.
    #[arg(long, value_name = "W.safetensors|DIR")]
    pub weights: Option<PathBuf>,
    /// An untrained network by its name, such as resnext20_8x8d, or small_8 of the family that the page trains.
    #[arg(long, value_name = "NAME", requires = "data")]
    pub network: Option<String>,
    /// An untrained network by its configuration, as `infer` prints it in `config`.
    #[arg(long, value_name = "CONFIG.json", requires = "data")]
    pub config: Option<PathBuf>,
}

/// What it is trained on.
#[derive(Clone, Debug, clap::Args)]
#[group(required = true, multiple = false)]
pub struct Pictures {
    /// A batch, the same in every step: `input`, F32 of [n, c, h, w], already normalised, and `labels`, I64 of [n].
    #[arg(long, value_name = "B.safetensors")]
    pub batch: Option<PathBuf>,
    /// Pictures: the 5,000 of CIFAR-10 that come with the page, tested on its 200; CIFAR-10's binary version; or a folder with `train` and
    /// `test`, or with a folder per class, of which every tenth picture is then kept for the test.
    #[arg(long, value_name = "bundled|cifar10:DIR|folder:DIR")]
    pub data: Option<Data>,
}

/// Where pictures are, and in which form.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Data {
    Bundled,
    Cifar10(PathBuf),
    Folder(PathBuf),
}

impl FromStr for Data {
    type Err = &'static str;

    fn from_str(value: &str) -> Result<Self, Self::Err> {
        if value == "bundled" {
            return Ok(Self::Bundled);
        }
        match value.split_once(':') {
            Some(("cifar10", path)) if !path.is_empty() => Ok(Self::Cifar10(path.into())),
            Some(("folder", path)) if !path.is_empty() => Ok(Self::Folder(path.into())),
            _ => Err("expected bundled, cifar10:DIR or folder:DIR"),
        }
    }
}

/// The settings of `torch.optim.SGD`, and of the loss. With --data those that are not given are the recipe's (`train/README.md`).
#[derive(Debug, clap::Args)]
struct Optimiser {
    /// Learning rate, 0.1; with --data the highest, 0.25.
    #[arg(long, value_name = "RATE")]
    lr: Option<f32>,
    /// 0; with --data 0.9.
    #[arg(long, value_name = "SHARE")]
    momentum: Option<f32>,
    /// Nesterov's momentum; with --data always.
    #[arg(long)]
    nesterov: bool,
    /// Added to the gradient, times the parameter: 0; with --data 5e-4.
    #[arg(long, value_name = "FACTOR")]
    weight_decay: Option<f32>,
    /// Leave batch norm and biases out of the decay; with --data always.
    #[arg(long)]
    decay_weights_only: bool,
    /// Share of the target that is spread over all classes: 0; with --data 0.1.
    #[arg(long, value_name = "SHARE")]
    label_smoothing: Option<f32>,
}

/// What only training on many pictures has.
#[derive(Debug, clap::Args)]
pub struct Run {
    /// With --data: how often each picture is seen.
    #[arg(long, value_name = "N", default_value_t = 30)]
    pub epochs: usize,
    /// With --data: pictures per step.
    #[arg(long, value_name = "N", default_value_t = 128)]
    pub batch_size: usize,
    /// With --data: decides the untrained weights, and order, crops and flips of every epoch.
    #[arg(long, value_name = "N", default_value_t = 0)]
    pub seed: u64,
    /// With --data: only the first N pictures of each class.
    #[arg(long, value_name = "N", default_value_t = usize::MAX, hide_default_value = true)]
    pub per_class: usize,
    /// With --data: stop after this epoch; the same command without it goes on from there.
    #[arg(long, value_name = "E", default_value_t = usize::MAX, hide_default_value = true)]
    pub until: usize,
}

impl Args {
    /// The settings of loss and optimiser.
    ///
    /// # Errors
    /// Which one is out of its range, in one line.
    pub fn settings(&self) -> Result<Hyperparameters, String> {
        let given = &self.optimiser;
        let recipe = self.pictures.data.is_some();
        let or =
            |value: Option<f32>, usual: f32, of_recipe: f32| value.unwrap_or(if recipe { of_recipe } else { usual });
        let settings = Hyperparameters {
            lr: or(given.lr, 0.1, 0.25),
            momentum: or(given.momentum, 0.0, 0.9),
            nesterov: given.nesterov || recipe,
            weight_decay: or(given.weight_decay, 0.0, 5e-4),
            decay_weights_only: given.decay_weights_only || recipe,
            label_smoothing: or(given.label_smoothing, 0.0, 0.1),
        };
        let within = |name: &str, value: f32, fits: bool, range: &str| match fits {
            true => Ok(()),
            false => Err(format!("--{name} {value}: expected a number {range}")),
        };
        let Hyperparameters { lr, momentum, nesterov, weight_decay, label_smoothing, .. } = settings;
        within("lr", lr, lr.is_finite() && lr >= 0.0, "from 0")?;
        within("momentum", momentum, (0.0..=1.0).contains(&momentum), "from 0 to 1")?;
        within("weight-decay", weight_decay, weight_decay.is_finite() && weight_decay >= 0.0, "from 0")?;
        within("label-smoothing", label_smoothing, (0.0..=1.0).contains(&label_smoothing), "from 0 to 1")?;
        if nesterov && momentum == 0.0 {
            return Err("--nesterov needs --momentum above 0".into());
        }
        Ok(settings)
    }
}
