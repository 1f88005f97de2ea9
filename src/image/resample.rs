//! The two passes of a resize, row by row: first along rows, then along columns.

use super::{
    filter::{AxisFilter, HALF_LEVEL, level},
    preprocess::Interpolation,
    window::Window,
};
use std::ops::Range;

/// Takes the source picture one row at a time and keeps only what the crop will show.
///
/// Memory: `needed rows * visible columns * CHANNELS` bytes, a few megabytes for any photograph.
#[derive(Debug)]
pub(super) struct Resampler<const CHANNELS: usize> {
    horizontal: AxisFilter,
    vertical: AxisFilter,
    /// Rows after the horizontal pass, rounded to u8 as Pillow does between its passes.
    narrowed: Vec<u8>,
}

impl<const CHANNELS: usize> Resampler<CHANNELS> {
    pub fn new(columns: &Window, rows: &Window, interpolation: Interpolation) -> Self {
        let horizontal = AxisFilter::new(columns, interpolation);
        let vertical = AxisFilter::new(rows, interpolation);
        let narrowed = Vec::with_capacity(vertical.needed.len() * horizontal.len() * CHANNELS);
        Self { horizontal, vertical, narrowed }
    }

    /// The source columns that every pushed row has to hold.
    pub fn needed_columns(&self) -> Range<usize> {
        self.horizontal.needed.clone()
    }

    /// The source rows that have to be pushed, from the top.
    pub fn needed_rows(&self) -> Range<usize> {
        self.vertical.needed.clone()
    }

    /// The horizontal pass over one row: `pixels` are the needed columns.
    pub fn push_row(&mut self, pixels: &[[u8; CHANNELS]]) {
        debug_assert_eq!(pixels.len(), self.horizontal.needed.len());
        for (first, weights) in self.horizontal.outputs() {
            let mut sums = [HALF_LEVEL; CHANNELS];
            for (pixel, weight) in pixels[first..].iter().zip(weights) {
                for (sum, channel) in sums.iter_mut().zip(pixel) {
                    *sum += weight * i32::from(*channel);
                }
            }
            self.narrowed.extend(sums.map(level));
        }
    }

    /// The vertical pass, once all needed rows are in: `[visible rows, visible columns, CHANNELS]`.
    pub fn finish(self) -> Vec<u8> {
        let row_len = self.horizontal.len() * CHANNELS;
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
