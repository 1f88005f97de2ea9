//! Executes a training plan on the processor.

mod engine;
mod execute;

pub use engine::TrainingEngine;
pub use execute::{train_once, train_with};
