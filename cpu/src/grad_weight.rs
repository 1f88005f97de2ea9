//! The gradients of weights and biases: sums over all pictures and pixels of a batch.

use crate::batch_norm::total;
use crate::lanes::{Loop, Simd};
use crate::window::{fill, places};
use crate::{Scratch, Window};

/// Pixels whose products are summed in f32, of one picture or several; the sums of these blocks are added in f64.
const BLOCK: usize = 512;
/// Output channels, and taps, whose sums are in registers together: 4 × 2 vectors, which leave room for their operands.
const CHANNELS: usize = 4;
const TAPS: usize = 2;

/// `output[oc, ic, kh, kw] = Σ grad[n, oc, oh, ow] · input[n, group + ic, stride · oh + kh - padding, …]` over all pictures and
/// pixels: dot products of rows of gradients and rows of inputs under the windows, both copied block by block, so that a row of
/// a block is of one piece.
///
/// # Panics
/// If a slice is shorter than `sizes` require.
pub fn grad_weight(sizes: Window, grad: &[f32], input: &[f32], scratch: &mut Scratch, output: &mut [f32]) {
    scratch.instructions.run(Products { sizes, grad, input, scratch, output });
}

struct Products<'a> {
    sizes: Window,
    grad: &'a [f32],
    input: &'a [f32],
    scratch: &'a mut Scratch,
    output: &'a mut [f32],
}

impl Loop for Products<'_> {
    #[inline(always)]
    fn run<const N: usize, S: Simd<N>>(self, simd: S) {
        let Self { sizes, grad, input, scratch, output } = self;
        let [_, pitch] = sizes.planes();
        let (in_channels, channels) = (sizes.in_channels / sizes.groups, sizes.out_channels / sizes.groups);
        let (in_group, pixels) = (in_channels * sizes.in_h * sizes.in_w, sizes.out_h * sizes.out_w);
        let taps = in_channels * sizes.kernel_size * sizes.kernel_size;
        // Whole pictures, or for large ones rows of one.
        let pictures = (BLOCK / pixels).clamp(1, sizes.n);
        let lines = (BLOCK / sizes.out_w).clamp(1, sizes.out_h);
        let Scratch { columns, panels, places: offsets, gradients, sums, .. } = scratch;
        places(sizes, offsets);
        // The padding is zero and stays zero: every group fills the same elements.
        columns.clear();
        columns.resize(sizes.filled(), 0.0);
        for group in 0..sizes.groups {
            sums.clear();
            sums.resize(channels * taps, 0.0);
            for first in (0..sizes.n).step_by(pictures) {
                let pictures = first..(first + pictures).min(sizes.n);
                for top in (0..sizes.out_h).step_by(lines) {
                    let lines = top..(top + lines).min(sizes.out_h);
                    let own = lines.len() * sizes.out_w;
                    let len = (pictures.len() * own).next_multiple_of(N);
                    zeros(gradients, channels * len);
                    zeros(panels, taps * len);
                    for (index, n) in pictures.clone().enumerate() {
                        let at = n * sizes.groups + group;
                        fill(sizes, &input[at * in_group..(at + 1) * in_group], columns);
                        let grad = grad[at * channels * pixels..(at + 1) * channels * pixels].chunks_exact(pixels);
                        for (grad, row) in grad.zip(gradients.chunks_exact_mut(len)) {
                            row[index * own..][..own].copy_from_slice(&grad[top * sizes.out_w..][..own]);
                        }
                        for (&place, row) in offsets.iter().zip(panels.chunks_exact_mut(len)) {
                            let seen = row[index * own..][..own].chunks_exact_mut(sizes.out_w);
                            for (row, from) in seen.zip(columns[place + top * pitch..].chunks(pitch)) {
                                row.copy_from_slice(&from[..sizes.out_w]);
                            }
                        }
                    }
                    add_dots::<N, S>(simd, gradients.as_chunks().0, panels.as_chunks().0, taps, sums);
                }
            }
            for (output, &sum) in output[group * channels * taps..].iter_mut().zip(&*sums) {
                *output = sum as f32;
            }
        }
    }
}

fn zeros(values: &mut Vec<f32>, len: usize) {
    values.clear();
    values.resize(len, 0.0);
}

/// Adds the products of a block to `sums`, `[channels, taps]`.
#[inline(always)]
fn add_dots<const N: usize, S: Simd<N>>(simd: S, grad: &[[f32; N]], seen: &[[f32; N]], taps: usize, sums: &mut [f64]) {
    let (channels, vectors) = (sums.len() / taps, seen.len() / taps);
    for first_oc in (0..channels).step_by(CHANNELS) {
        // Of the rows that a last tile lacks, the last one is computed again.
        let oc = core::array::from_fn(|i| (first_oc + i).min(channels - 1));
        let grad = oc.map(|oc| &grad[oc * vectors..][..vectors]);
        for first_tap in (0..taps).step_by(TAPS) {
            let tap = core::array::from_fn(|i| (first_tap + i).min(taps - 1));
            let dots = dots(simd, grad, tap.map(|tap| &seen[tap * vectors..][..vectors]), vectors);
            for (dots, oc) in dots.iter().zip(first_oc..channels) {
                for (dot, tap) in dots.iter().zip(first_tap..taps) {
                    sums[oc * taps + tap] += f64::from(simd.sum(*dot));
                }
            }
        }
    }
}

/// The products of each of some rows of gradients with each of some rows of inputs.
#[inline(always)]
fn dots<const N: usize, S: Simd<N>>(
    simd: S,
    grad: [&[[f32; N]]; CHANNELS],
    seen: [&[[f32; N]]; TAPS],
    vectors: usize,
) -> [[S::Lanes; TAPS]; CHANNELS] {
    let mut sums = [[simd.splat(0.0); TAPS]; CHANNELS];
    for at in 0..vectors {
        let seen = seen.map(|row| simd.load(&row[at]));
        for (sums, row) in sums.iter_mut().zip(grad) {
            let grad = simd.load(&row[at]);
            for (sum, seen) in sums.iter_mut().zip(seen) {
                *sum = simd.plus_product(*sum, grad, seen);
            }
        }
    }
    sums
}

/// The sum per channel of `[n, c, plane]`, where `output` has one value per channel: the gradient of a bias.
///
/// # Panics
/// If `plane` or `output` is empty.
pub fn channel_sums(plane: usize, grad: &[f32], output: &mut [f32]) {
    let channels = output.len();
    for (c, output) in output.iter_mut().enumerate() {
        *output = grad.chunks_exact(plane).skip(c).step_by(channels).map(total).sum::<f64>() as f32;
    }
}

/// The gradient of a linear layer's input, `[n, in_features]`; `weight` is `[out_features, in_features]`.
///
/// # Panics
/// If a size is 0.
pub fn linear_grad_input(in_features: usize, grad: &[f32], weight: &[f32], output: &mut [f32]) {
    let out_features = weight.len() / in_features;
    for (grad, output) in grad.chunks_exact(out_features).zip(output.chunks_exact_mut(in_features)) {
        combine(grad.iter().copied(), weight.chunks_exact(in_features), output);
    }
}

/// The gradient of a linear layer's weight, `[out_features, in_features]`; `grad` is `[n, out_features]`.
///
/// # Panics
/// If a size is 0.
pub fn linear_grad_weight(in_features: usize, grad: &[f32], input: &[f32], output: &mut [f32]) {
    let out_features = output.len() / in_features;
    for (o, output) in output.chunks_exact_mut(in_features).enumerate() {
        let grad = grad.iter().skip(o).step_by(out_features).copied();
        combine(grad, input.chunks_exact(in_features), output);
    }
}

/// `output = Σ factor · row`, in blocks of 16 rows.
fn combine<'a>(mut factors: impl Iterator<Item = f32>, mut rows: impl Iterator<Item = &'a [f32]>, output: &mut [f32]) {
    output.fill(0.0);
    let mut block = vec![0.0; output.len()];
    loop {
        block.fill(0.0);
        let mut some = false;
        for (factor, row) in factors.by_ref().take(16).zip(rows.by_ref()) {
            some = true;
            for (sum, &value) in block.iter_mut().zip(row) {
                *sum += factor * value;
            }
        }
        if !some {
            return;
        }
        for (output, &sum) in output.iter_mut().zip(&block) {
            *output += sum;
        }
    }
}
