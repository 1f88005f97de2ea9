//! Executes a plan on the processor, for those who have no GPU: the same steps, the same buffers, weights in f32 whatever the plan
//! has for the GPU. [`Task`](crate::plan::Task) is the operation as data; dispatches are made from it.
//!
//! The arithmetic is in the crate `cardinal-cpu`: page and worker are compiled for size, and it for speed (as is
//! `cardinal-resize`). wasm32 is built with 128-bit SIMD, and without relaxed SIMD, which a browser that lacks it would refuse
//! altogether. Natively the loops are compiled for AVX2 as well, which is taken where the processor has it (x86-64). Every convolution
//! ends in one loop: four output channels by two vectors of pixels, eight SIMD registers of sums, which leave
//! room for their operands (larger tiles and unrolled loops spill, and were slower). Pixels are laid out in panels of two vectors, a
//! strip at a time that fits a second-level cache: for 1×1 as they lie, for everything else from the group's padded channels. Bias,
//! residual and ReLU are done as a tile is stored. `gemm` and `matrixmultiply`, compiled for the page, were slower.
//!
//! [`TrainingEngine`] executes a training plan. The gradient of a weight is a dot product of two rows of pixels, one of gradients and one
//! of inputs: four channels by two taps at a time, over blocks of pixels whose sums are added in f64.

mod build;
mod engine;
mod error;
mod step;
mod training;

pub use cardinal_cpu::instructions;
pub use engine::{Engine, Run};
pub use error::CpuError;
pub use step::run_once;
pub use training::{TrainingEngine, train_once};
