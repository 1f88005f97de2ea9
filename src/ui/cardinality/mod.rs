//! The cardinality dial, the settings of a run, and its cost.

mod chart;
mod controls;
mod dial;
mod facts;
mod points;
mod section;
mod tuned;

pub(crate) use section::CardinalitySection;
