//! The device and the engine that executes a plan on it: the only module that names `wgpu`.

mod adapter;
mod buffers;
mod build;
mod device;
mod engine;
mod error;
mod half;
mod owned;
mod profile;
mod single;
mod timestamps;
mod tune;
mod wait;

pub use adapter::Adapter;
pub use build::Progress;
pub use device::Gpu;
pub use engine::{Engine, Run};
pub use error::GpuError;
pub use profile::StepTime;
pub use tune::{Trial, Tuned};
