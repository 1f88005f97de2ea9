//! ResNeXt (Xie et al. 2017, "Aggregated Residual Transformations for Deep Neural Networks") on WebGPU.
//!
//! A configuration becomes a graph, the graph a plan, and an engine runs the plan on a picture's tensor to get probabilities:
//! `config -> graph -> plan -> engine`. Everything before the engine is data that can be printed.

pub mod classifier;
pub mod cpu;
mod decimal;
mod error;
pub mod gpu;
pub mod image;
pub mod kernels;
pub mod model;
pub mod plan;
#[cfg(target_arch = "wasm32")]
pub mod platform;
pub mod protocol;
#[cfg(feature = "page")]
pub mod race;
pub mod reference;
pub mod session;
pub mod shape;
pub mod store;
pub mod teach;
#[cfg(target_arch = "wasm32")]
pub mod torch;
pub mod train;
#[cfg(all(target_arch = "wasm32", feature = "page"))]
pub mod trainer;
#[cfg(all(target_arch = "wasm32", feature = "page"))]
pub mod ui;
#[cfg(feature = "page")]
pub mod view;
pub mod weights;
#[cfg(target_arch = "wasm32")]
pub mod worker;
pub mod zoo;

pub use error::Error;
