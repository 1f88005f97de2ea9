//! The arithmetic of Cardinal's CPU engine, on plain slices: every activation is NCHW, every convolution's weight OIHW before
//! it is packed. The engine in `src/cpu/` decides what runs on what; this decides how.
//!
//! It is a crate of its own because the page is compiled for size, and these loops are not.

mod lanes;
mod pointwise;
mod product;
mod rows;
mod small;
mod tile;
mod window;

pub use pointwise::{Pointwise, pointwise};
pub use product::Epilogue;
pub use small::{Pool, add, linear, max_pool, means, scale_and_shift, softmax};
pub use tile::Weights;
pub use window::{Window, window};

/// Memory that one step after the other works in.
#[derive(Debug, Default)]
pub struct Scratch {
    /// The padded channels of a group.
    columns: Vec<f32>,
    /// Where in them every product of a sum finds its first pixel.
    places: Vec<usize>,
    /// The inputs under the windows of a strip's pixels, as panels.
    panels: Vec<f32>,
}
