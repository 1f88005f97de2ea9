//! The arithmetic of Cardinal's CPU engine, on plain slices: every activation is NCHW, every convolution's weight OIHW before
//! it is packed. The engine in `src/cpu/` decides which operations run on which slices.
//!
//! It is a separate crate because the page is compiled for size, and these loops are compiled for speed.

mod lanes;
mod pointwise;
mod product;
mod rows;
mod small;
mod tile;
mod window;

pub use pointwise::{Pointwise, pointwise};
pub use product::Epilogue;
pub use small::{Pool, add, linear, max_pool, means, scale_and_shift, softmax, weighted_sums};
pub use tile::Weights;
pub use window::{Window, window};

/// Working memory that all steps reuse.
#[derive(Debug, Default)]
pub struct Scratch {
    /// The padded channels of a group.
    columns: Vec<f32>,
    /// Offsets in `columns` of the inputs of the first pixel's sum.
    places: Vec<usize>,
    /// The inputs under the windows of a strip's pixels, as panels.
    panels: Vec<f32>,
}
