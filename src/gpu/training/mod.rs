//! Executes a training plan on the device.

mod buffers;
mod engine;

pub use engine::TrainingEngine;
