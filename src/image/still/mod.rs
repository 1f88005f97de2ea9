//! A picture's file as one still picture in its plainest form, for a decoder that is not ours.
//!
//! Browsers and the `image` crate differ in what they make of rotation, colour profiles, animations and broken headers, and
//! browsers differ among themselves. So the file that a decoder gets has none of these: only its first picture, and only what is
//! needed to decode that. What was left out is applied by us, and is the same everywhere.

mod bmp;
mod gif;
mod jpeg;
mod parts;
mod png;
mod webp;

use super::error::ImageError;
use super::format::ImageFormat;
use super::inspect::inspect;
pub use parts::{Part, Still};

impl Still {
    /// Reads a whole file.
    ///
    /// # Errors
    /// All errors of [`inspect`], and [`ImageError::Truncated`].
    pub fn of(bytes: &[u8]) -> Result<Self, ImageError> {
        let canvas = inspect(bytes)?;
        let format = canvas.format;
        let still = Self { canvas, left: 0, top: 0, orientation: 1, parts: vec![Part::Kept(0..bytes.len())] };
        let read = match format {
            ImageFormat::Jpeg => jpeg::read(bytes, still),
            ImageFormat::Png => png::read(bytes, still),
            ImageFormat::WebP => webp::read(bytes, still),
            ImageFormat::Gif => gif::read(bytes, still),
            ImageFormat::Bmp => Some(bmp::read(bytes, still)),
        };
        read.ok_or(ImageError::Truncated { format, bytes: bytes.len() })
    }
}
