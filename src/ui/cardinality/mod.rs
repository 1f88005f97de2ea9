//! The cardinality dial, the settings of a run, and its cost.

mod chart;
mod controls;
mod diagnostics;
mod dial;
mod facts;
mod lab;
mod points;
mod resnet;
mod section;
mod settings;
mod tuned;

pub(crate) use resnet::ResNetSection;
pub(crate) use section::CardinalitySection;
