//! Convolution of any kernel size, stride, padding and grouping. A group's channels are copied into padded planes, in which the inputs of
//! neighbouring pixels lie together; the matrix product reads its columns there, each at its place under the window.

use crate::lanes::Simd;
use crate::pointwise::{strip, strips};
use crate::product::{Convolution, Epilogue, Output, product};
use crate::rows::thin;
use crate::weights::{Tiles, Weights};
use crate::{Pointwise, Scratch, pointwise};

/// Sizes of a convolution with a square kernel.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
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

    /// Rows, and columns, of different phase that a kernel reaches: see [`fill`].
    fn phases(&self) -> usize {
        self.stride.min(self.kernel_size)
    }

    /// Rows and columns of each plane that [`fill`] writes. With stride 1 the zeros on the right of a row are those on the left of the next.
    pub(crate) fn planes(&self) -> [usize; 2] {
        let Self { out_h, out_w, in_w, kernel_size, stride, padding, .. } = *self;
        let more = kernel_size.div_ceil(stride) - 1;
        let right = (out_w + more).saturating_sub(in_w + padding);
        let shared = if stride == 1 { right.min(padding) } else { 0 };
        [out_h + more, out_w + more - shared]
    }

    /// Elements that [`fill`] needs per group, with the zeros on the right of the last row.
    pub(crate) fn filled(&self) -> usize {
        let [rows, pitch] = self.planes();
        self.in_channels / self.groups * self.phases() * self.phases() * rows * pitch + self.padding
    }

    /// Places, in what [`fill`] writes, of the inputs of the first pixel's sum; those of the pixel `[oh, ow]` are `oh * pitch + ow` further on.
    fn places(&self) -> impl Iterator<Item = usize> {
        let ([rows, pitch], phases, stride) = (self.planes(), self.phases(), self.stride);
        let kernel_size = self.kernel_size;
        (0..self.taps()).map(move |tap| {
            let (ic, kh, kw) = (tap / kernel_size / kernel_size, tap / kernel_size % kernel_size, tap % kernel_size);
            let plane = (ic * phases + kh % stride) * phases + kw % stride;
            (plane * rows + kh / stride) * pitch + kw / stride
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
    if sizes.kernel_size == 1 && sizes.padding == 0 && sizes.groups == 1 {
        return thinned(sizes, weights, input, epilogue, scratch, output);
    }
    weights.run(Convolution { sizes, weights, input, epilogue, scratch, output });
}

impl Tiles for Convolution<'_, Window> {
    #[inline(always)]
    fn run<const N: usize, const C: usize, const V: usize, S: Simd<N>>(self, simd: S) {
        let Self { sizes, weights, input, epilogue, scratch, output } = self;
        let [_, pitch] = sizes.planes();
        let in_group = sizes.in_channels / sizes.groups * sizes.in_h * sizes.in_w;
        let (width, plane) = (sizes.out_w, sizes.out_h * sizes.out_w);
        let Scratch { columns, panels, places: offsets, .. } = scratch;
        places(sizes, offsets);
        // The padding is zero and stays zero: every group fills the same elements. A last tile reads beyond them.
        columns.clear();
        columns.resize(sizes.filled() + V * N, 0.0);
        let positions = (sizes.out_h - 1) * pitch + width;
        for group in 0..sizes.n * sizes.groups {
            fill(sizes, &input[group * in_group..(group + 1) * in_group], columns);
            let (columns, offsets) = (&*columns, &*offsets);
            let weights = (weights, group % sizes.groups);
            let first = group * (sizes.out_channels / sizes.groups) * plane;
            let to = Output { first, width, pitch, plane };
            let column = |place: usize| -> &[[f32; N]; V] {
                // No place is behind the last, which spares the check of the slice.
                let place = place.min(columns.len() - V * N);
                columns[place..place + V * N].as_chunks().0.first_chunk().expect("so many were taken")
            };
            // In registers of 128 bits a tile has so few products that finding a column costs half as much as they do. Where a group has more
            // than two tiles of channels, they are found once and copied.
            let copies = N == 4 && weights.0.per_group > 2 * C;
            let strip = if copies { strip::<N, V>(offsets.len()) } else { positions };
            for (start, len) in strips(positions, strip, V * N) {
                if !copies {
                    let seen = |first: usize| offsets.iter().map(move |&place| column(first + place));
                    product::<N, C, V, S, _>(simd, weights, (start, len), seen, epilogue, (output, to));
                    continue;
                }
                panels.resize(len.next_multiple_of(V * N) * offsets.len(), 0.0);
                let panels = panels.as_chunks_mut::<N>().0.as_chunks_mut::<V>().0;
                for (tile, panel) in panels.chunks_exact_mut(offsets.len()).enumerate() {
                    for (target, &place) in panel.iter_mut().zip(offsets) {
                        *target = *column(start + tile * V * N + place);
                    }
                }
                let seen = |first: usize| panels[first / (V * N) * offsets.len()..][..offsets.len()].iter();
                product::<N, C, V, S, _>(simd, weights, (start, len), seen, epilogue, (output, to));
            }
        }
    }
}

/// 1×1 with a stride: a matrix product of the pixels that it sees.
fn thinned(
    sizes: Window,
    weights: &Weights,
    input: &[f32],
    epilogue: Epilogue<'_>,
    scratch: &mut Scratch,
    output: &mut [f32],
) {
    let Window { n, in_channels, out_channels, in_h, in_w, out_h, out_w, .. } = sizes;
    let mut pixels = core::mem::take(&mut scratch.columns);
    pixels.resize(sizes.filled(), 0.0);
    let product = Pointwise { n: 1, in_channels, out_channels, pixels: out_h * out_w };
    let (from, to) = (in_channels * in_h * in_w, out_channels * out_h * out_w);
    for n in 0..n {
        fill(sizes, &input[n * from..(n + 1) * from], &mut pixels);
        let image = n * to..(n + 1) * to;
        let epilogue = Epilogue { residual: epilogue.residual.map(|residual| &residual[image.clone()]), ..epilogue };
        pointwise(product, weights, &pixels, epilogue, scratch, &mut output[image]);
    }
    scratch.columns = pixels;
}

/// Fills `offsets` with [`Window::places`].
pub(crate) fn places(sizes: Window, offsets: &mut Vec<usize>) {
    offsets.clear();
    offsets.extend(sizes.places());
}

/// Copies a group's padded channels, so that the inputs of neighbouring pixels lie together whatever the stride: a plane per *phase*, which is the
/// remainder of row and column by the stride, `[channels, phases, phases, rows, pitch]`. What is padding is left as it is.
#[inline(always)]
pub(crate) fn fill(sizes: Window, input: &[f32], columns: &mut [f32]) {
    let Window { padding, stride, in_h, in_w, .. } = sizes;
    let ([rows, pitch], phases) = (sizes.planes(), sizes.phases());
    let channels = columns.chunks_exact_mut(phases * phases * rows * pitch);
    for (plane, columns) in input.chunks_exact(in_h * in_w).zip(channels) {
        for (phase, target) in columns.chunks_exact_mut(rows * pitch).enumerate() {
            let [first_row, first_column] =
                [phase / phases, phase % phases].map(|at| padding.saturating_sub(at).div_ceil(stride));
            let (top, left) =
                (first_row * stride + phase / phases - padding, first_column * stride + phase % phases - padding);
            let lines = target.chunks_exact_mut(pitch).skip(first_row);
            for (line, row) in lines.zip(plane.chunks_exact(in_w).skip(top).step_by(stride)) {
                thin(stride, row.get(left..).unwrap_or_default(), line.get_mut(first_column..).unwrap_or_default());
            }
        }
    }
}
