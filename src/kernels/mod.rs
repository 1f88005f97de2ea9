//! One file per shader: what it can compute, its uniforms, its dispatch size and how its weights are packed.
//!
//! A host file turns the facts of an operation into a [`Dispatch`]. It names no GPU library: a dispatch is data.
//!
//! # Shaders
//!
//! One kernel per file, entry point `main`, the formula in the first line, bindings in one order: uniforms, inputs, weight, bias,
//! residual, output. `build.rs` parses and validates each with naga, fails the build on an error, and writes the uniform struct,
//! the bindings and the constants as Rust, so that nothing reflection knows is typed twice. naga does not ship to the browser.
//!
//! What shapes the code (window, stride, tile sizes, type of the weights) is a WGSL `const` that [`KernelKey`] replaces: the key
//! *is* the list of values, and pipelines are cached by it. What only enters a sum (sizes; in convolutions ReLU or not, residual or
//! not) is a uniform, since every further pipeline is compiled before the first answer. ResNeXt-50 needs nine on software adapters.
//!
//! Every file is WGSL as it stands; comments say what is imported (`// #import conv2d`) and which loops are unrolled before the
//! driver sees them (`// unroll`): `wgsl/mod.rs` has the rules. `build.rs` validates each file as it stands and unrolled, the tests
//! every variant, and on a GPU both give the same bits. `cargo run --example shaders -- DIR` writes what drivers get.
//!
//! | kernel | one thread computes | one workgroup |
//! | --- | --- | --- |
//! | `conv2d_grouped` | 4 or 8 output channels × 4 to 14 pixels of a row; an input is used for all of them and for all taps of its row. 3×3, and the 7×7 stem | one group of one image, a tile of its output |
//! | `conv2d_pointwise` | a matrix product from registers: 32 channels × 25 pixels, 16 × 7, 8 × 8, or 4 × 1 (linear layers) | 4 or 64 threads, no barriers |
//! | `conv2d_subgroup` | 64 channels × 7 pixels with few loads: each thread loads eight weights for eight threads. 1×1, and 3×3 in large groups. Native devices with subgroups | 8 threads |
//! | `conv2d_implicit` | a matrix product whose operands pass through workgroup memory: 4 × 4 or 8 × 8; 1×1 and 3×3 in any groups | 8 × 8 threads, 32 × 32 or 64 × 64 of one group; or 8 × 8 × 4 threads for 32 × 32, each with a quarter of the sum |
//! | `conv2d_direct` | 4 output channels × 4 pixels, any kernel size | 64 such |
//! | `conv2d_grad_input` | 4 input channels of a pixel, any kernel size | 64 such |
//! | `conv2d_grad_weight` | 8 output channels × 8 taps, over its share of a batch's pixels; on software adapters 16 × 16 of a 1×1 convolution | the sum over all of them |
//! | `conv2d_scatter` | the pixels of its gradient: that of a 1×1 convolution with a stride, whose product is computed on the small plane | 64 such |
//!
//! Sums over a batch (`batch_norm_statistics`, the gradients of weights and biases) have a workgroup each, whose threads divide the
//! pixels of all pictures among them and add up in one order: the same bits each time. What belongs to a channel of a batch norm is
//! read once per workgroup, which walks values of that channel alone.
//!
//! # Which kernel a layer gets
//!
//! That is a [`Tuning`]: for each of five classes (1×1 over many and over few pixels, grouped 3×3 over many and over few, nearly dense 3×3) one of
//! seven methods: `registers-large`, `registers-small`, `registers-medium`, `workgroup32`, `workgroup64`, `split32`, and natively `subgroup`. Software adapters are
//! limited by loads and barriers, GPUs by occupancy and memory traffic; the choice is therefore measured, by `Gpu::tune`, in a third of
//! a second (a second on software adapters, where only methods without barriers are tried). Classes that it has no time for keep their method, a kernel
//! that the device refuses is left out, and weights are packed for the kernel that will read them. The page keeps the outcome by
//! adapter and version of the kernels (`table::VERSION`, a hash).
//!
//! At 28×28, 14×14 and 7×7 a layer has too few tiles for a large GPU: `split32` gives each four times the threads and splits the
//! sum among them. On a software adapter compiling counts too, since the first answer waits for it: layers of few multiply-adds,
//! all those of the bundled network, get smaller tiles from the same kernels.
//!
//! # Number formats
//!
//! Weights lie on the GPU in f32 or in f16 (`WEIGHT_F16`), biases and batch norm in f32; sums are f32. An f16 is widened as it is
//! loaded (`unpack2x16float`, which needs no feature of the device). On devices with `shader-f16` that pass a check
//! (`Gpu::multiplies_in_f16`), `conv2d_implicit` of networks with weights in f16 keeps these, and inputs narrowed to f16, in
//! workgroup memory and sums four products in f16 before they join the f32 sum (`PRODUCT_F16`).
//!
//! Activations are f32, or f16 on devices with `shader-f16` where that was measured to be faster (`ACTIVATION_F16`; `INPUT_F16` for
//! the two kernels that read them and write f32). Each is an element of its own, `array<f16>`: no two threads write parts of one word.
//! Arithmetic and sums stay f32, and the tensors after `global_avg_pool` are f32. A kernel that writes f16 says in one more binding
//! whether a value was beyond ±65504, and the engine ends the run with an error: an infinity could vanish in a ReLU behind it.

pub mod batch_norm_grad_input;
pub mod batch_norm_grad_weight;
pub mod batch_norm_relu;
pub mod batch_norm_running;
pub mod batch_norm_statistics;
pub mod batch_norm_train;
pub mod class_activation;
pub mod concat_channels;
mod conv2d;
pub mod conv2d_direct;
pub mod conv2d_grad_bias;
pub mod conv2d_grad_input;
pub mod conv2d_grad_weight;
pub mod conv2d_grouped;
pub mod conv2d_implicit;
pub mod conv2d_pack;
pub mod conv2d_pointwise;
pub mod conv2d_scatter;
#[cfg(not(target_arch = "wasm32"))]
pub mod conv2d_subgroup;
pub mod cross_entropy;
pub mod cross_entropy_grad_input;
mod dispatch;
mod dtype;
pub mod global_avg_pool;
pub mod global_avg_pool_grad_input;
mod key;
mod launch;
pub mod max_pool;
pub mod max_pool_grad_input;
mod method;
pub mod residual_add;
pub mod residual_add_grad_input;
pub mod sgd;
pub mod sgd_velocity;
mod shader;
pub mod softmax;

mod tuning;
mod variant;
mod wgsl;

/// What `build.rs` read in the shaders.
pub mod table {
    include!(concat!(env!("OUT_DIR"), "/shaders.rs"));
}

pub use conv2d::ConvKernel;
pub use dispatch::Dispatch;
pub use dtype::{GpuDtype, OutsideF16, PackedWeight};
pub(crate) use key::HAS_F16_ACTIVATIONS;
pub use key::{Constant, KernelKey};
pub use launch::{ConvLaunch, Epilogue};
pub use method::Method;
pub use shader::{KernelError, MAX_WORKGROUPS, Shader};
pub use tuning::{ConvClass, NoTuning, Tuning};
pub use variant::{Variant, all_variants};
