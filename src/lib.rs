//! ResNeXt (Xie et al., 2017) on WebGPU.
//!
//! An image goes in at the left, probabilities come out at the right, and every step between is data that can be
//! printed: `config -> graph -> plan -> engine`.

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
pub mod reference;
pub mod session;
pub mod shape;
pub mod store;
#[cfg(target_arch = "wasm32")]
pub mod ui;
pub mod view;
pub mod weights;
#[cfg(target_arch = "wasm32")]
pub mod worker;
pub mod zoo;

pub use error::Error;
