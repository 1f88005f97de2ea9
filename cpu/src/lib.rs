//! The arithmetic of Cardinal's CPU engine, on plain slices: every activation is NCHW, every convolution's weight OIHW before
//! it is packed. The engine in `src/cpu/` decides which operations run on which slices.
//!
//! What a step of training sums over a whole batch is summed in f64, or in f32 over blocks of pixels and these in f64; always in
//! one order, so that a step gives the same bits each time.
//!
//! It is a separate crate because the page is compiled for size, and these loops are compiled for speed.

mod batch_norm;
mod grad_input;
mod grad_weight;
mod instructions;
mod lanes;
mod learn;
mod operation;
mod pointwise;
mod product;
mod rows;
mod small;
mod tile;
mod weights;
mod window;

pub use batch_norm::{
    BatchNorm, BatchNormGrad, batch_norm_grad_input, batch_norm_grad_weight, batch_norm_running, statistics,
};
pub use grad_input::grad_input;
pub use grad_weight::{channel_sums, grad_weight, linear_grad_input, linear_grad_weight};
pub use instructions::Instructions;
pub use learn::{Sgd, cross_entropy, cross_entropy_grad, max_pool_grad, means_grad, positive, sgd, sgd_velocity};
pub use operation::{Operation, Packed};
pub use pointwise::{Pointwise, pointwise};
pub use product::Epilogue;
pub use small::{Pool, add, linear, max_pool, means, scale_and_shift, softmax, weighted_sums};
pub use weights::Weights;
pub use window::{Window, window};

/// The name of the instruction set that the arithmetic runs with here.
pub fn instructions() -> &'static str {
    Instructions::widest().name()
}

/// Working memory that all steps reuse, and what they run with.
#[derive(Debug)]
pub struct Scratch {
    /// For gradients; a convolution runs with what its weights are packed for.
    instructions: Instructions,
    /// The padded channels of a group, or the pixels that a 1×1 with a stride sees.
    columns: Vec<f32>,
    /// Offsets in `columns` of the inputs of the first pixel's sum.
    places: Vec<usize>,
    /// The inputs of a strip's pixels as panels, or those under the windows of a block of pixels.
    panels: Vec<f32>,
    /// The gradients of a strip's pixels, as tiles of channels; of a convolution with a stride, the gradients of a picture with
    /// zeros between them.
    gradients: Vec<f32>,
    /// Sums over a batch, which are too long for f32.
    sums: Vec<f64>,
}

impl Scratch {
    /// Nothing as yet, for an instruction set.
    pub fn with(instructions: Instructions) -> Self {
        let [columns, panels, gradients] = [const { Vec::new() }; 3];
        Self { instructions, columns, places: Vec::new(), panels, gradients, sums: Vec::new() }
    }

    /// What gradients are computed with.
    pub fn instructions(&self) -> Instructions {
        self.instructions
    }
}

impl Default for Scratch {
    /// For the widest instruction set of this processor.
    fn default() -> Self {
        Self::with(Instructions::widest())
    }
}
