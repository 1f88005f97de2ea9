//! Pillow's resize of RGBA rows, grey level for grey level: transparency over white, a filter that widens as the picture
//! shrinks, 22-bit fixed point, rounded to u8 between its two passes.
//!
//! It is a crate of its own because the page is compiled for size, and these loops go over every pixel of a photograph.
//! Nothing public is generic: a generic function would be compiled where it is used.

mod blend;
mod filter;
mod lanes;
mod resampler;

pub use blend::flatten;
pub use filter::{Axis, Interpolation};
pub use resampler::{Colour, Resampler};
