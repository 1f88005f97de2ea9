//! The two passes of a resize: first along rows, then along columns.

use crate::{
    blend::{flatten, luma},
    filter::{Axis, AxisFilter, HALF_LEVEL, Interpolation, level},
    lanes::Lanes,
};
use std::ops::Range;

/// The conversion of a pixel before the resize.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Colour {
    /// One channel: PIL's `convert("L")`.
    Grey,
    /// Three channels: red, green and blue.
    Rgb,
}

/// Takes the source picture one row at a time and keeps the visible part of each row, narrowed.
///
/// Memory: `needed rows * visible columns * channels` bytes, a few megabytes for any photograph.
#[derive(Debug)]
pub struct Resampler {
    colour: Colour,
    horizontal: AxisFilter,
    vertical: AxisFilter,
    /// The needed columns of the row in the horizontal pass.
    row: Vec<Lanes>,
    /// Rows after the horizontal pass, rounded to u8 as Pillow does between its passes.
    narrowed: Vec<u8>,
}

impl Resampler {
    /// A resampler for the pixels that are visible in `columns` and `rows`.
    #[must_use]
    pub fn new(columns: &Axis, rows: &Axis, interpolation: Interpolation, colour: Colour) -> Self {
        let horizontal = AxisFilter::new(columns, interpolation);
        let vertical = AxisFilter::new(rows, interpolation);
        let narrowed = Vec::with_capacity(vertical.needed.len() * horizontal.len() * colour.channels());
        Self { colour, row: Vec::with_capacity(horizontal.needed.len()), horizontal, vertical, narrowed }
    }

    /// The source rows that have to be pushed, from the top.
    #[must_use]
    pub fn needed_rows(&self) -> Range<usize> {
        self.vertical.needed.clone()
    }

    /// The source columns that the result depends on, from the left.
    #[must_use]
    pub fn needed_columns(&self) -> Range<usize> {
        self.horizontal.needed.clone()
    }

    /// Runs the horizontal pass over the needed columns of one row: `[needed columns, 4]`, RGBA with straight alpha.
    ///
    /// # Panics
    /// If one of them is missing.
    pub fn push_row(&mut self, needed: &[[u8; 4]]) {
        self.row.clear();
        match self.colour {
            Colour::Grey => self.row.extend(needed.iter().map(|pixel| Lanes::splat(luma(flatten(*pixel)).into()))),
            // The fourth lane is computed but not read.
            Colour::Rgb => self.row.extend(needed.iter().map(|pixel| {
                let [red, green, blue] = flatten(*pixel);
                Lanes::widen([red, green, blue, 255])
            })),
        }
        let channels = self.colour.channels();
        for (first, weights) in self.horizontal.outputs() {
            let mut sums = Lanes::splat(HALF_LEVEL);
            for (pixel, weight) in self.row[first..first + weights.len()].iter().zip(weights) {
                sums = sums.plus_product(*pixel, *weight);
            }
            self.narrowed.extend_from_slice(&sums.values().map(level)[..channels]);
        }
    }

    /// Runs the vertical pass after all needed rows were pushed; the result is `[visible rows, visible columns, channels]`.
    #[must_use]
    pub fn finish(self) -> Vec<u8> {
        let row_len = self.horizontal.len() * self.colour.channels();
        debug_assert_eq!(self.narrowed.len(), self.vertical.needed.len() * row_len);
        let mut pixels = Vec::with_capacity(self.vertical.len() * row_len);
        let mut sums = vec![0; row_len];
        for (first, weights) in self.vertical.outputs() {
            sums.fill(HALF_LEVEL);
            for (row, weight) in self.narrowed.chunks_exact(row_len).skip(first).zip(weights) {
                for (sum, channel) in sums.iter_mut().zip(row) {
                    *sum += weight * i32::from(*channel);
                }
            }
            pixels.extend(sums.iter().map(|sum| level(*sum)));
        }
        pixels
    }
}

impl Colour {
    /// Bytes per pixel of the result.
    #[must_use]
    pub fn channels(self) -> usize {
        match self {
            Self::Grey => 1,
            Self::Rgb => 3,
        }
    }
}
