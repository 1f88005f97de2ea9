//! The device and the engine that executes a plan on it: the only module that names `wgpu`.
//!
//! Bind groups and one uniform buffer (dynamic offsets) are made once. An inference is one pass, one submission and one readback;
//! what it reads back goes by name ([`Outputs`](crate::plan::Outputs)). The engine keeps the pace the device has shown, and cuts
//! what would take more than a second into submissions of a quarter of a second: Windows resets a GPU after two. Every object has a
//! label such as `cardinal.layer1.0.conv2`. Buffers and query sets are destroyed where they are
//! dropped (`destroy_on_drop.rs`): a browser would keep the memory of a dropped network until it collects garbage.
//!
//! [`TrainingEngine`] executes a training plan. What changes from step to step is in its uniforms, which are written again where the
//! settings have changed; weights are packed on the device before each convolution that reads them.
//!
//! Weights are fetched, decoded, folded, packed and uploaded one layer at a time from a
//! [`WeightSource`](crate::weights::WeightSource), those first that come first in their file. Nothing is awaited inside one of the
//! device's error scopes: they are a stack, and one network may load while another runs.

mod adapter;
mod bound_step;
mod buffers;
mod build;
mod class_activation;
mod comparison;
mod destroy_on_drop;
mod device;
mod engine;
mod error;
mod f16_check;
mod probes;
mod profile;
mod read;
mod run_kernel;
mod timestamps;
mod training;
mod trust;
mod tune;
mod wait;

pub use adapter::Adapter;
pub use build::Progress;
pub use device::Gpu;
pub use engine::{Engine, Run};
pub use error::GpuError;
pub use profile::StepTime;
pub use training::TrainingEngine;
pub use trust::Trust;
pub use tune::{Trial, Tuned};
