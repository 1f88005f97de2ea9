//! The command line.

use std::convert::Infallible;
use std::num::NonZeroUsize;
use std::path::PathBuf;
use std::str::FromStr;

use cardinal::plan::{GpuDtype, PlanKind, PlanOptions};
use clap::Parser;

use super::choice::{self, Backend};

/// Run a network on a picture or a tensor and print one JSON object.
#[derive(Debug, Parser)]
#[command(name = "infer")]
pub struct Args {
    /// The network: its weights, or the folder that holds them. A config.json beside them is read too.
    #[arg(long, value_name = "W.safetensors|DIR")]
    pub weights: PathBuf,
    #[command(flatten)]
    pub input: Input,
    /// Strides of the stages, which the weights do not tell.
    #[arg(long, value_name = "1,2,2,2", value_delimiter = ',')]
    pub strides: Option<Vec<usize>>,
    #[arg(long, value_enum, default_value_t = Backend::Gpu)]
    pub backend: Backend,
    /// Cores of the processor that share the network on the CPU.
    #[arg(long, value_name = "N", default_value = "1")]
    pub cores: NonZeroUsize,
    #[arg(long, value_parser = choice::plan(), default_value = "fused")]
    plan: PlanKind,
    /// Data type of the weights on the GPU.
    #[arg(long, value_parser = choice::weight_dtype(), default_value = "f32")]
    weight_dtype: GpuDtype,
    /// Timed runs, after one that is not timed.
    #[arg(long, value_name = "N", default_value = "1")]
    pub repeat: NonZeroUsize,
    /// The class activation map of this class, by its index, as `cam`: rows of the size of the last block.
    #[arg(long, value_name = "K")]
    pub cam: Option<usize>,
    /// Print JSON, which is the only format.
    #[arg(long)]
    json: bool,
}

#[derive(Clone, Debug, clap::Args)]
#[group(required = true, multiple = false)]
pub struct Input {
    /// A picture, preprocessed as the network needs it.
    #[arg(long, value_name = "P")]
    pub image: Option<PathBuf>,
    /// A tensor, NCHW in f32, already normalised.
    #[arg(long, value_name = "T.safetensors[:name]")]
    pub tensor: Option<Tensor>,
}

/// A safetensors file, and which of its tensors where it has several.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Tensor {
    pub file: String,
    pub name: Option<String>,
}

impl FromStr for Tensor {
    type Err = Infallible;

    /// `file[:name]`; a colon that belongs to the path (a drive letter) has `.safetensors` after it.
    fn from_str(value: &str) -> Result<Self, Infallible> {
        Ok(match value.rsplit_once(':') {
            Some((file, name)) if !name.contains(".safetensors") => {
                Self { file: file.to_owned(), name: Some(name.to_owned()) }
            }
            _ => Self { file: value.to_owned(), name: None },
        })
    }
}

impl Args {
    pub fn plan(&self) -> PlanOptions {
        PlanOptions { kind: self.plan, weight_dtype: self.weight_dtype, tuning: None }
    }
}
