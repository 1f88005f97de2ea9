//! The network's accuracy on 200 test pictures, measured on the visitor's device, and the misclassified pictures.

mod controls;
mod evaluation_state;
mod matrix;
mod mistakes;
mod outcome;
mod section;

pub(crate) use section::AccuracySection;
