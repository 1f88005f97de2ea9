//! How often the network is right: 200 test pictures on the visitor's device, counted, and the wrong ones shown.

mod controls;
mod mistakes;
mod outcome;
mod section;
mod stage;

pub(crate) use section::AccuracySection;
