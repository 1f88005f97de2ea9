//! A picture's file as one still picture in its plainest form, for a decoder that is not ours.
//!
//! Browsers and the `image` crate differ in what they make of rotation, colour profiles, animations and broken headers, and
//! browsers differ among themselves. So the file that a decoder gets has none of these: only its first picture, and only what is
//! needed to decode that. What was left out is applied by us, and is the same everywhere.

mod bmp;
mod gif;
mod jpeg;
mod png;
mod webp;

use std::ops::Range;

use super::error::ImageError;
use super::format::ImageFormat;
use super::inspect::{ImageInfo, check_size, inspect};

/// A file as one still picture.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Still {
    /// Its format, and the size of the canvas that the picture lies on. What it leaves free is transparent.
    pub canvas: ImageInfo,
    /// The column of the canvas that the decoded picture begins at.
    pub left: usize,
    /// The row of the canvas that the decoded picture begins at.
    pub top: usize,
    /// How the canvas is to be turned, in EXIF's numbers: 1 (not at all) to 8.
    pub orientation: u8,
    /// The file for the decoder, piece by piece.
    pub parts: Vec<Part>,
}

/// A piece of a file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Part {
    /// These bytes of the original file.
    Kept(Range<usize>),
    /// Other bytes.
    Made(Vec<u8>),
}

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

    /// The file for the decoder, in one piece.
    #[must_use]
    pub fn file(&self, bytes: &[u8]) -> Vec<u8> {
        let piece = |part: &Part| match part {
            Part::Kept(range) => bytes.get(range.clone()).unwrap_or_default().to_vec(),
            Part::Made(made) => made.clone(),
        };
        self.parts.iter().flat_map(piece).collect()
    }

    /// Width and height of the canvas after it was turned.
    #[must_use]
    pub fn turned_size(&self) -> (usize, usize) {
        let ImageInfo { width, height, .. } = self.canvas;
        if self.orientation > 4 { (height, width) } else { (width, height) }
    }

    /// The matrix `[a, b, c, d, e, f]`, as a drawing context takes it, that brings the decoded picture to its place on the turned
    /// canvas: `x' = a x + c y + e`, `y' = b x + d y + f`.
    #[must_use]
    pub fn matrix(&self) -> [f64; 6] {
        let (width, height) = (self.canvas.width as f64, self.canvas.height as f64);
        let [a, b, c, d, e, f] = match self.orientation {
            2 => [-1.0, 0.0, 0.0, 1.0, width, 0.0],
            3 => [-1.0, 0.0, 0.0, -1.0, width, height],
            4 => [1.0, 0.0, 0.0, -1.0, 0.0, height],
            5 => [0.0, 1.0, 1.0, 0.0, 0.0, 0.0],
            6 => [0.0, 1.0, -1.0, 0.0, height, 0.0],
            7 => [0.0, -1.0, -1.0, 0.0, height, width],
            8 => [0.0, -1.0, 1.0, 0.0, 0.0, width],
            _ => [1.0, 0.0, 0.0, 1.0, 0.0, 0.0],
        };
        let (left, top) = (self.left as f64, self.top as f64);
        [a, b, c, d, e + a * left + c * top, f + b * left + d * top]
    }

    /// Places a picture of this size on the canvas; nothing where no such picture is decoded.
    fn place(&mut self, (left, top): (usize, usize), (width, height): (usize, usize)) -> Option<()> {
        check_size(width, height).ok()?;
        (self.left, self.top) = (left, top);
        Some(())
    }
}

fn u32_be(bytes: &[u8], at: usize) -> Option<usize> {
    bytes.get(at..)?.first_chunk().map(|four| u32::from_be_bytes(*four) as usize)
}

fn u32_le(bytes: &[u8], at: usize) -> Option<usize> {
    bytes.get(at..)?.first_chunk().map(|four| u32::from_le_bytes(*four) as usize)
}

fn u24_le(bytes: &[u8], at: usize) -> Option<usize> {
    bytes.get(at..)?.first_chunk().map(|&[low, middle, high]| u32::from_le_bytes([low, middle, high, 0]) as usize)
}
