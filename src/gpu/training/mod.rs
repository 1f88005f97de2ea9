//! Executes a training plan on the device.

mod buffers;
mod engine;
mod profile;

pub use engine::TrainingEngine;
