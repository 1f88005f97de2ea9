//! Arguments that several examples and benchmarks have.
#![allow(dead_code)] // Every program uses its own part.

use cardinal::model::{ResNextConfig, UnknownPreset};
use cardinal::plan::{GpuDtype, PlanKind};
use clap::ValueEnum;
use clap::builder::{PossibleValuesParser, TypedValueParser};

/// Where a network runs.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum Backend {
    Gpu,
    Cpu,
}

impl Backend {
    pub fn name(self) -> &'static str {
        match self {
            Self::Gpu => "gpu",
            Self::Cpu => "cpu",
        }
    }
}

/// Parses an enum of the library, which derives nothing of clap, by the names of its values.
pub fn one_of<T: Copy + Send + Sync + 'static>(
    values: &'static [(&'static str, T)],
) -> impl TypedValueParser<Value = T> {
    PossibleValuesParser::new(values.iter().map(|(name, _)| *name)).try_map(|given| {
        let found = values.iter().find(|(name, _)| *name == given);
        found.map(|(_, value)| *value).ok_or("no such value")
    })
}

pub fn plan() -> impl TypedValueParser<Value = PlanKind> {
    one_of(&[("plain", PlanKind::Plain), ("fused", PlanKind::Fused)])
}

pub fn weight_dtype() -> impl TypedValueParser<Value = GpuDtype> {
    one_of(&[("f32", GpuDtype::F32), ("f16", GpuDtype::F16)])
}

/// Parses the name of a network to its configuration.
///
/// # Errors
///
/// Where no configuration has this name.
pub fn network(name: &str) -> Result<String, UnknownPreset> {
    ResNextConfig::preset(name).map(|_| name.to_owned())
}
