//! The cardinality dial, how the network is run, and what that costs.

mod chart;
mod controls;
mod dial;
mod facts;
mod points;
mod section;
mod tuned;

pub(crate) use section::CardinalitySection;
