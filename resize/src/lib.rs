//! Pillow's resize (`ImagingResample`) of RGBA rows, equal in every grey level: transparency is blended over white, the filter
//! widens as the picture shrinks, and sums are in 22-bit fixed point, rounded to u8 between the two passes.
//!
//! It is a separate crate, compiled for speed, because the page is compiled for size and these loops read every pixel.
//! No public function is generic: it would be compiled for size in the crate that calls it.

mod blend;
mod filter;
mod lanes;
mod resampler;

pub use blend::flatten;
pub use filter::{Axis, Interpolation};
pub use resampler::{Colour, Resampler};
