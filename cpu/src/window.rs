//! Convolution of any kernel size, stride, padding and grouping: a group's padded channels, from which what each pixel sees is
//! laid out as the panels of a matrix product.

use core::ops::Range;

use crate::Scratch;
use crate::product::{Epilogue, product, strip};
use crate::tile::{PIXELS, Weights};

/// Sizes of a convolution with a square kernel.
#[derive(Clone, Copy, Debug)]
pub struct Window {
    /// Images of the batch.
    pub n: usize,
    /// Groups that the channels are cut into.
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
    /// Strips of all groups of all pictures.
    fn pieces(&self) -> usize {
        self.n * self.groups * self.strips()
    }

    fn strips(&self) -> usize {
        (self.out_h * self.out_w).div_ceil(strip(self.taps()))
    }

    /// Products of a sum.
    fn taps(&self) -> usize {
        self.in_channels / self.groups * self.kernel_size * self.kernel_size
    }

    /// Rows and columns of a padded channel, as far as the kernel reads them.
    fn padded(&self) -> [usize; 2] {
        [self.out_h, self.out_w].map(|out| (out - 1) * self.stride + self.kernel_size)
    }

    /// Where among a group's padded channels each product of the first pixel's sum has its place.
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
/// Where a slice is shorter than its sizes say.
pub fn window(
    sizes: Window,
    weights: &Weights,
    input: &[f32],
    epilogue: Epilogue<'_>,
    scratch: &mut Scratch,
    output: &mut [f32],
) {
    // In order: the first piece of a group leaves in `scratch` what the others read.
    for index in 0..sizes.pieces() {
        piece(sizes, index, weights, input, epilogue, scratch, output);
    }
}

fn piece(
    sizes: Window,
    piece: usize,
    weights: &Weights,
    input: &[f32],
    epilogue: Epilogue<'_>,
    scratch: &mut Scratch,
    output: &mut [f32],
) {
    let [rows, pitch] = sizes.padded();
    let in_group = sizes.in_channels / sizes.groups * sizes.in_h * sizes.in_w;
    let out_group = sizes.out_channels / sizes.groups * sizes.out_h * sizes.out_w;
    let Scratch { columns, panels, places } = scratch;
    let (group, strip) = (piece / sizes.strips(), strip(sizes.taps()));
    let (pixels, start) = (sizes.out_h * sizes.out_w, piece % sizes.strips() * strip);
    if piece == 0 {
        places.clear();
        places.extend(sizes.offsets());
        // Padding is zero, and stays so: every group fills the same places.
        columns.clear();
        columns.resize(sizes.in_channels / sizes.groups * rows * pitch, 0.0);
    }
    if start == 0 {
        fill(sizes, &input[group * in_group..(group + 1) * in_group], columns);
    }
    let len = strip.min(pixels - start);
    unfold(sizes, start..start + len, columns, places, panels);
    let first = group * out_group + start;
    product((weights, group % sizes.groups), panels, len, epilogue, output, (first, pixels));
}

/// Copies a group's channels to their places among the padding: `[channels, rows, pitch]`.
fn fill(sizes: Window, input: &[f32], columns: &mut [f32]) {
    let [rows, pitch] = sizes.padded();
    let Window { padding, in_h, in_w, .. } = sizes;
    let len = in_w.min(pitch.saturating_sub(padding));
    for (plane, columns) in input.chunks_exact(in_h * in_w).zip(columns.chunks_exact_mut(rows * pitch)) {
        for (row, target) in plane.chunks_exact(in_w).zip(columns.chunks_exact_mut(pitch).skip(padding)) {
            target[pitch.min(padding)..][..len].copy_from_slice(&row[..len]);
        }
    }
}

/// Puts what some pixels see into panels `[panels, taps, 8]`; the last pixel is repeated to fill up the last.
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
