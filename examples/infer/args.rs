//! The command line.

use cardinal::plan::{PlanKind, PlanOptions, WeightDtype};

use super::Failure;

const USAGE: &str = "usage: infer --weights W.safetensors (--image P | --tensor T.safetensors[:name]) \
                     [--strides 1,2,2,2] [--backend gpu|cpu] [--plan plain|fused] [--weight-dtype f32|f16] [--repeat N] --json";

pub enum Input {
    Image(String),
    /// A safetensors file, and which of its tensors where it has several.
    Tensor(String, Option<String>),
}

pub struct Args {
    pub weights: String,
    pub input: Input,
    pub strides: Option<Vec<usize>>,
    /// On the processor instead of the GPU.
    pub cpu: bool,
    pub plan: PlanOptions,
    pub repeat: usize,
}

impl Args {
    pub fn parse(mut args: impl Iterator<Item = String>) -> Result<Self, Failure> {
        let (mut weights, mut input, mut strides) = (None, None, None);
        let (mut cpu, mut plan, mut repeat) = (false, PlanOptions::default(), 1);
        while let Some(flag) = args.next() {
            if flag == "--json" {
                continue;
            }
            let Some(value) = args.next() else { return Err(format!("{flag} needs a value; {USAGE}").into()) };
            match flag.as_str() {
                "--weights" => weights = Some(value),
                "--image" => input = Some(Input::Image(value)),
                "--tensor" => input = Some(tensor(&value)),
                "--strides" => strides = Some(numbers(&value)?),
                "--backend" => {
                    cpu = match value.as_str() {
                        "gpu" => false,
                        "cpu" => true,
                        other => return Err(format!("--backend is gpu or cpu, got `{other}`").into()),
                    }
                }
                "--plan" => {
                    plan.kind = match value.as_str() {
                        "plain" => PlanKind::Plain,
                        "fused" => PlanKind::Fused,
                        other => return Err(format!("--plan is plain or fused, got `{other}`").into()),
                    }
                }
                "--weight-dtype" => {
                    plan.weight_dtype = match value.as_str() {
                        "f32" => WeightDtype::F32,
                        "f16" => WeightDtype::F16,
                        other => return Err(format!("--weight-dtype is f32 or f16, got `{other}`").into()),
                    }
                }
                "--repeat" => {
                    repeat = value.parse().map_err(|_| format!("--repeat is a number, got `{value}`"))?;
                }
                other => return Err(format!("unknown option `{other}`; {USAGE}").into()),
            }
        }
        let (Some(weights), Some(input)) = (weights, input) else { return Err(USAGE.into()) };
        if repeat == 0 {
            return Err("--repeat must be at least 1".into());
        }
        Ok(Self { weights, input, strides, cpu, plan, repeat })
    }
}

/// `file[:name]`; a colon that belongs to the path (a drive letter) has `.safetensors` after it.
fn tensor(value: &str) -> Input {
    match value.rsplit_once(':') {
        Some((file, name)) if !name.contains(".safetensors") => Input::Tensor(file.to_owned(), Some(name.to_owned())),
        _ => Input::Tensor(value.to_owned(), None),
    }
}

fn numbers(value: &str) -> Result<Vec<usize>, Failure> {
    let numbers: Result<Vec<usize>, _> = value.split(',').map(str::parse).collect();
    Ok(numbers.map_err(|_| format!("--strides is a list such as 1,2,2,2, got `{value}`"))?)
}
