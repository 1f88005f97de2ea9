//! The two passes of a resize, row by row: first along rows, then along columns.

use super::{
    filter::{AxisFilter, HALF_LEVEL, level},
    preprocess::Interpolation,
    window::Window,
};
use std::ops::Range;

/// Two channels a number, 32 bits apart: one multiplication serves both. In WebAssembly, whose compilers leave a loop over
/// three channels a loop, that halves the time of the pass.
type Packed = [i64; 2];

/// Both lanes of a sum start with half a grey level.
const HALF_LEVELS: i64 = (HALF_LEVEL as i64) << 32 | HALF_LEVEL as i64;

#[inline(always)]
fn pack<const CHANNELS: usize>(pixel: [u8; CHANNELS]) -> Packed {
    let channel = |index: usize| pixel.get(index).map_or(0, |level| i64::from(*level));
    [channel(1) << 32 | channel(0), channel(2)]
}

#[inline(always)]
fn add<const CHANNELS: usize>(sums: &mut Packed, pixel: Packed, weight: i32) {
    let weight = i64::from(weight);
    // Wrapping: what a negative lower lane borrows is given back when the lanes are parted.
    sums[0] = sums[0].wrapping_add(weight.wrapping_mul(pixel[0]));
    if CHANNELS > 2 {
        sums[1] = sums[1].wrapping_add(weight.wrapping_mul(pixel[1]));
    }
}

/// The lanes of a sum. Each fits 32 bits; the lower one, where negative, has borrowed from the upper.
#[inline]
fn unpack(sum: i64) -> [i32; 2] {
    let low = sum as i32;
    [low, (sum.wrapping_sub(i64::from(low)) >> 32) as i32]
}

/// Takes the source picture one row at a time and keeps only what the crop will show.
///
/// Memory: `needed rows * visible columns * CHANNELS` bytes, a few megabytes for any photograph.
#[derive(Debug)]
pub(super) struct Resampler<const CHANNELS: usize> {
    horizontal: AxisFilter,
    vertical: AxisFilter,
    /// The needed columns of the row that is being narrowed.
    row: Vec<Packed>,
    /// Rows after the horizontal pass, rounded to u8 as Pillow does between its passes.
    narrowed: Vec<u8>,
}

impl<const CHANNELS: usize> Resampler<CHANNELS> {
    pub fn new(columns: &Window, rows: &Window, interpolation: Interpolation) -> Self {
        let horizontal = AxisFilter::new(columns, interpolation);
        let vertical = AxisFilter::new(rows, interpolation);
        let narrowed = Vec::with_capacity(vertical.needed.len() * horizontal.len() * CHANNELS);
        Self { row: Vec::with_capacity(horizontal.needed.len()), horizontal, vertical, narrowed }
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
    pub fn push_row(&mut self, pixels: impl Iterator<Item = [u8; CHANNELS]>) {
        self.row.clear();
        self.row.extend(pixels.map(pack));
        debug_assert_eq!(self.row.len(), self.horizontal.needed.len());
        for (first, weights) in self.horizontal.outputs() {
            let mut sums = [HALF_LEVELS; 2];
            let pixels = &self.row[first..first + weights.len()];
            // Four at a time by hand, for the same compilers.
            let ((pixels, last_pixels), (weights, last_weights)) = (pixels.as_chunks::<4>(), weights.as_chunks::<4>());
            for (pixels, weights) in pixels.iter().zip(weights) {
                add::<CHANNELS>(&mut sums, pixels[0], weights[0]);
                add::<CHANNELS>(&mut sums, pixels[1], weights[1]);
                add::<CHANNELS>(&mut sums, pixels[2], weights[2]);
                add::<CHANNELS>(&mut sums, pixels[3], weights[3]);
            }
            for (pixel, weight) in last_pixels.iter().zip(last_weights) {
                add::<CHANNELS>(&mut sums, *pixel, *weight);
            }
            let ([first, second], [third, _]) = (unpack(sums[0]), unpack(sums[1]));
            self.narrowed.extend([first, second, third].into_iter().take(CHANNELS).map(level));
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
