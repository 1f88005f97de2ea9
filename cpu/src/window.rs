//! Convolution of any kernel size, stride, padding and grouping: the inputs under each pixel's window are
//! copied from a group's padded channels into the panels of a matrix product.

use core::ops::Range;

use crate::Scratch;
use crate::product::{Epilogue, product, strip};
use crate::tile::{PIXELS, Weights};

/// Sizes of a convolution with a square kernel.
#[derive(Clone, Copy, Debug)]
pub struct Window {
    /// Images of the batch.
    pub n: usize,
    /// Groups that the channels are divided into.
    pub groups: usize,
    /// Channels of an input image, all groups together.
    pub in_channels: usize,
    /// Channels of an output image, all groups together.
    pub out_channels: usize,
    /// Rows of an input plane.
    pub in_h: usize,
    /// Columns of an input plane.
    pub in_w: usize,
    /// Rows of an output plane.
    pub out_h: usize,
    /// Columns of an output plane.
    pub out_w: usize,
    /// Rows and columns of the window.
    pub kernel_size: usize,
    /// Input pixels from one window to the next.
    pub stride: usize,
    /// Pixels added on each side of a plane.
    pub padding: usize,
}

impl Window {
    /// Terms per sum.
    fn taps(&self) -> usize {
        self.in_channels / self.groups * self.kernel_size * self.kernel_size
    }

    /// Rows and columns of a padded channel, as far as the kernel reads them.
    pub(crate) fn padded(&self) -> [usize; 2] {
        [self.out_h, self.out_w].map(|out| (out - 1) * self.stride + self.kernel_size)
    }

    /// Offsets in a group's padded channels of the inputs of the first pixel's sum.
    fn offsets(&self) -> impl Iterator<Item = usize> {
        let ([rows, pitch], kernel_size) = (self.padded(), self.kernel_size);
        (0..self.taps()).map(move |tap| {
            let (row, kw) = (tap / kernel_size, tap % kernel_size);
            (row / kernel_size * rows + row % kernel_size) * pitch + kw
        })
    }
}

/// `output[n, oc, oh, ow] = bias[oc] + Σ weight[oc, ic, kh, kw] · input[n, group + ic, stride · oh + kh - padding, …]`, then the
/// epilogue.
///
/// # Panics
/// If a slice is shorter than `sizes` require.
pub fn window(
    sizes: Window,
    weights: &Weights,
    input: &[f32],
    epilogue: Epilogue<'_>,
    scratch: &mut Scratch,
    output: &mut [f32],
) {
    let [rows, pitch] = sizes.padded();
    let in_channels = sizes.in_channels / sizes.groups;
    let in_group = in_channels * sizes.in_h * sizes.in_w;
    let out_group = sizes.out_channels / sizes.groups * sizes.out_h * sizes.out_w;
    let (pixels, strip) = (sizes.out_h * sizes.out_w, strip(sizes.taps()));
    let Scratch { columns, panels, places: offsets, .. } = scratch;
    places(sizes, offsets);
    // The padding is zero and stays zero: every group fills the same elements.
    columns.clear();
    columns.resize(in_channels * rows * pitch, 0.0);
    for group in 0..sizes.n * sizes.groups {
        fill(sizes, &input[group * in_group..(group + 1) * in_group], columns);
        for start in (0..pixels).step_by(strip) {
            let len = strip.min(pixels - start);
            unfold(sizes, start..start + len, columns, offsets, panels);
            let first = group * out_group + start;
            product((weights, group % sizes.groups), panels, len, epilogue, output, (first, pixels));
        }
    }
}

/// Fills `offsets` with [`Window::offsets`].
pub(crate) fn places(sizes: Window, offsets: &mut Vec<usize>) {
    offsets.clear();
    offsets.extend(sizes.offsets());
}

/// Copies a group's channels into their padded planes, `[channels, rows, pitch]`.
pub(crate) fn fill(sizes: Window, input: &[f32], columns: &mut [f32]) {
    let [rows, pitch] = sizes.padded();
    let Window { padding, in_h, in_w, .. } = sizes;
    let len = in_w.min(pitch.saturating_sub(padding));
    for (plane, columns) in input.chunks_exact(in_h * in_w).zip(columns.chunks_exact_mut(rows * pitch)) {
        for (row, target) in plane.chunks_exact(in_w).zip(columns.chunks_exact_mut(pitch).skip(padding)) {
            target[pitch.min(padding)..][..len].copy_from_slice(&row[..len]);
        }
    }
}

/// Copies the inputs under the windows of a range of pixels into panels `[panels, taps, PIXELS]`. The last pixel is repeated to fill up
/// the last panel.
fn unfold(sizes: Window, range: Range<usize>, columns: &[f32], places: &[usize], panels: &mut Vec<f32>) {
    let [_, pitch] = sizes.padded();
    let seen = |pixel: usize| (pixel / sizes.out_w * pitch + pixel % sizes.out_w) * sizes.stride;
    panels.resize(range.len().next_multiple_of(PIXELS) * places.len(), 0.0);
    let panels = panels.as_chunks_mut::<PIXELS>().0.chunks_exact_mut(places.len());
    for (start, panel) in range.clone().step_by(PIXELS).zip(panels) {
        let seen: [usize; PIXELS] = core::array::from_fn(|i| seen((start + i).min(range.end - 1)));
        let in_row = (1..PIXELS).all(|i| seen[i] == seen[0] + i);
        for (column, &place) in panel.iter_mut().zip(places) {
            if in_row {
                column.copy_from_slice(&columns[seen[0] + place..][..PIXELS]);
            } else {
                *column = seen.map(|seen| columns[seen + place]);
            }
        }
    }
}
