//! A still picture's parts, its place and its turn.

use std::ops::Range;

use crate::image::format::ImageFormat;
use crate::image::inspect::{ImageInfo, check_size};

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
    /// The file for the decoder, in one piece.
    #[must_use]
    pub fn file(&self, bytes: &[u8]) -> Vec<u8> {
        let piece = |part: &Part| match part {
            Part::Kept(range) => bytes.get(range.clone()).unwrap_or_default().to_vec(),
            Part::Made(made) => made.clone(),
        };
        self.parts.iter().flat_map(piece).collect()
    }

    /// Whether browsers show the file itself as this picture. Of a JPEG they follow the EXIF data, so only what was added to it
    /// counts.
    #[must_use]
    pub fn is_shown_alike(&self) -> bool {
        match self.canvas.format {
            ImageFormat::Jpeg => !self.parts.iter().any(|part| matches!(part, Part::Made(_))),
            _ => self.orientation == 1 && matches!(self.parts[..], [Part::Kept(_)]),
        }
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
    pub(super) fn place(&mut self, (left, top): (usize, usize), (width, height): (usize, usize)) -> Option<()> {
        check_size(width, height).ok()?;
        (self.left, self.top) = (left, top);
        Some(())
    }
}

pub(super) fn u32_be(bytes: &[u8], at: usize) -> Option<usize> {
    bytes.get(at..)?.first_chunk().map(|four| u32::from_be_bytes(*four) as usize)
}

pub(super) fn u32_le(bytes: &[u8], at: usize) -> Option<usize> {
    bytes.get(at..)?.first_chunk().map(|four| u32::from_le_bytes(*four) as usize)
}

pub(super) fn u24_le(bytes: &[u8], at: usize) -> Option<usize> {
    bytes.get(at..)?.first_chunk().map(|&[low, middle, high]| u32::from_le_bytes([low, middle, high, 0]) as usize)
}
