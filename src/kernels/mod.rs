//! One file per shader: what it can compute, its uniforms, its dispatch size and how its weights are packed.
//!
//! A host file turns the facts of an operation into a [`Dispatch`]. It names no GPU library: a dispatch is data.

pub mod batch_norm_relu;
pub mod concat_channels;
mod conv2d;
pub mod conv2d_direct;
pub mod conv2d_grouped;
pub mod conv2d_implicit;
pub mod conv2d_pointwise;
mod dispatch;
mod dtype;
pub mod global_avg_pool;
mod key;
mod launch;
pub mod max_pool;
mod method;
pub mod residual_add;
mod shader;
pub mod softmax;
mod template;
mod tuning;
mod variant;

/// What `build.rs` read in the shaders.
pub mod table {
    include!(concat!(env!("OUT_DIR"), "/shaders.rs"));
}

pub use conv2d::ConvKernel;
pub use dispatch::Dispatch;
pub use dtype::{OutsideF16, PackedWeight, WeightDtype};
pub use key::{Constant, KernelKey};
pub use launch::{ConvLaunch, Epilogue};
pub use method::Method;
pub use shader::{KernelError, MAX_WORKGROUPS, Shader};
pub use tuning::{NoTuning, Role, Tuning};
pub use variant::{Variant, all_variants};
