//! How often the network is right: 200 test pictures on the visitor's device, counted, and the wrong ones shown.

mod controls;
mod evaluation_state;
mod matrix;
mod mistakes;
mod outcome;
mod section;

pub(crate) use section::AccuracySection;
