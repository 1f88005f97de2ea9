//! The arithmetic of Cardinal's CPU engine, on plain slices: every activation is NCHW, every convolution's weight OIHW before
//! it is packed. The engine in `src/cpu/` decides which operations run on which slices.
//!
//! What a step of training sums over a whole batch is summed in f64, or in f32 over blocks of pixels and these in f64; always in
//! one order, so that a step gives the same bits each time.
//!
//! It is a separate crate because the page is compiled for size, and these loops are compiled for speed.

/// Calls a function whose body is inlined, compiled for AVX2 where the processor has it. No product is fused with an addition: the
/// bits are the same everywhere.
macro_rules! fast {
    ($body:ident($($argument:expr),* $(,)?)) => {{
        #[cfg(target_arch = "x86_64")]
        if let Some(avx2) = pulp::x86::V3::try_new() {
            return avx2.vectorize(|| $body($($argument),*));
        }
        $body($($argument),*)
    }};
}

mod batch_norm;
mod grad_input;
mod grad_weight;
mod lanes;
mod learn;
mod pointwise;
mod product;
mod rows;
mod small;
mod tile;
mod window;

pub use batch_norm::{
    BatchNorm, BatchNormGrad, batch_norm_grad_input, batch_norm_grad_weight, batch_norm_running, statistics,
};
pub use grad_input::grad_input;
pub use grad_weight::{channel_sums, grad_weight, linear_grad_input, linear_grad_weight};
pub use learn::{Sgd, cross_entropy, cross_entropy_grad, max_pool_grad, means_grad, positive, sgd, sgd_velocity};
pub use pointwise::{Pointwise, pointwise};
pub use product::Epilogue;
pub use small::{Pool, add, linear, max_pool, means, scale_and_shift, softmax, weighted_sums};
pub use tile::Weights;
pub use window::{Window, window};

/// The instruction sets that convolutions run with here, by their usual names.
pub fn instructions() -> &'static str {
    #[cfg(target_arch = "x86_64")]
    return if pulp::x86::V3::try_new().is_some() { "AVX2" } else { "SSE2" };
    #[cfg(target_arch = "aarch64")]
    return "NEON";
    #[cfg(target_arch = "wasm32")]
    return "SIMD128";
    #[cfg(not(any(target_arch = "x86_64", target_arch = "aarch64", target_arch = "wasm32")))]
    return "whatever the compiler takes";
}

/// Working memory that all steps reuse.
#[derive(Debug, Default)]
pub struct Scratch {
    /// The padded channels of a group.
    columns: Vec<f32>,
    /// Offsets in `columns` of the inputs of the first pixel's sum.
    places: Vec<usize>,
    /// The inputs under the windows of a strip's pixels, as panels.
    panels: Vec<f32>,
    /// The gradients of a strip's pixels, as tiles of channels; of a convolution with a stride, the gradients of a picture with
    /// zeros between them.
    gradients: Vec<f32>,
    /// Sums over a batch, which are too long for f32.
    sums: Vec<f64>,
}
