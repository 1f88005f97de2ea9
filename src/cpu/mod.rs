//! Executes a plan on the processor, for those who have no GPU: the same steps, the same buffers, weights in f32 whatever the plan
//! has for the GPU. [`Task`](crate::plan::Task) is the operation as data; dispatches are made from it.
//!
//! The arithmetic is in the crate `cardinal-cpu`: page and worker are compiled for size, and it for speed (as is
//! `cardinal-resize`). wasm32 is built with 128-bit SIMD, and without relaxed SIMD, which a browser that lacks it would refuse
//! altogether. Natively each loop is compiled for several instruction sets, and the widest that the processor has is taken as it runs
//! ([`Instructions`]): on x86-64 AVX-512, AVX2 with FMA, or SSE2. Where products are added in one instruction, results differ
//! by rounding from where they take two.
//!
//! Every convolution ends in one loop over a tile of output channels and vectors of pixels, whose sums stay in registers: 4 × 2 of
//! 128 bits, 6 × 2 or 4 × 2 with AVX2, 8 × 3 or 4 × 6 with AVX-512, as many as leave room for their operands. For 1×1, pixels are copied into panels
//! as wide as a tile, a strip at a time that fits a second-level cache. For everything else a group's channels are copied once into padded
//! planes, one for each remainder of rows and columns by the stride: there the inputs of neighbouring pixels lie together, and a tile reads
//! them in place for each tap of its window. With vectors of 128 bits, finding them costs too much beside their few products, and they
//! are copied into panels too. Bias, residual and ReLU are done as a tile is stored. `gemm` and `matrixmultiply`, compiled
//! for the page, were slower.
//!
//! [`TrainingEngine`] executes a training plan. The gradient of a weight is a dot product of two rows of pixels, one of gradients and one
//! of inputs: four channels by two taps at a time, over blocks of pixels whose sums are added in f64.

mod build;
mod clock;
#[cfg(feature = "page")]
pub mod cores;
mod engine;
mod error;
mod step;
mod training;

pub use cardinal_cpu::{Instructions, instructions};
pub use engine::{Engine, Run};
pub use error::CpuError;
pub use step::{run_once, run_with};
pub use training::{TrainingEngine, train_once, train_with};
