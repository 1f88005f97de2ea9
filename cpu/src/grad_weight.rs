//! The gradients of weights and biases: sums over all pictures and pixels of a batch.

use crate::batch_norm::total;
use crate::product::both;
use crate::tile::{CHANNELS, PIXELS, tile};
use crate::window::{fill, places};
use crate::{Scratch, Window};

/// Pixels whose products are summed in f32; the sums of these blocks are added in f64.
const BLOCK: usize = 256;

/// `output[oc, ic, kh, kw] = Σ grad[n, oc, oh, ow] · input[n, group + ic, stride · oh + kh - padding, …]` over all pictures and
/// pixels: a matrix product of gradients and the inputs under the windows, with the pixels in between.
///
/// # Panics
/// If a slice is shorter than `sizes` require.
pub fn grad_weight(sizes: Window, grad: &[f32], input: &[f32], scratch: &mut Scratch, output: &mut [f32]) {
    let [rows, pitch] = sizes.padded();
    let (in_channels, channels) = (sizes.in_channels / sizes.groups, sizes.out_channels / sizes.groups);
    let (in_group, pixels) = (in_channels * sizes.in_h * sizes.in_w, sizes.out_h * sizes.out_w);
    let taps = in_channels * sizes.kernel_size * sizes.kernel_size;
    let Scratch { columns, panels, places: offsets, gradients, sums } = scratch;
    places(sizes, offsets);
    columns.clear();
    columns.resize(in_channels * rows * pitch, 0.0);
    for group in 0..sizes.groups {
        sums.clear();
        sums.resize(channels * taps, 0.0);
        for n in 0..sizes.n {
            let at = n * sizes.groups + group;
            fill(sizes, &input[at * in_group..(at + 1) * in_group], columns);
            let grad = &grad[at * channels * pixels..(at + 1) * channels * pixels];
            for start in (0..pixels).step_by(BLOCK) {
                let block = start..(start + BLOCK).min(pixels);
                let seen = |pixel: usize| (pixel / sizes.out_w * pitch + pixel % sizes.out_w) * sizes.stride;
                taps_by_pixel(block.clone().map(seen), columns, offsets, panels);
                channels_by_pixel(grad, pixels, block.clone(), gradients);
                add_products(block.len(), gradients, panels, (channels, taps), sums);
            }
        }
        for (output, &sum) in output[group * channels * taps..].iter_mut().zip(&*sums) {
            *output = sum as f32;
        }
    }
}

/// The inputs under the windows of some pixels, as panels `[panels, pixels, 8 taps]`; zeros fill up the last panel.
fn taps_by_pixel(
    seen: impl ExactSizeIterator<Item = usize> + Clone,
    columns: &[f32],
    places: &[usize],
    panels: &mut Vec<f32>,
) {
    panels.clear();
    panels.resize(places.len().next_multiple_of(PIXELS) * seen.len(), 0.0);
    let panels = panels.as_chunks_mut::<PIXELS>().0.chunks_exact_mut(seen.len());
    for (places, panel) in places.chunks(PIXELS).zip(panels) {
        match places.first_chunk::<PIXELS>() {
            Some(places) => {
                for (seen, taps) in seen.clone().zip(panel) {
                    *taps = places.map(|place| columns[seen + place]);
                }
            }
            None => {
                for (seen, taps) in seen.clone().zip(panel) {
                    for (tap, &place) in taps.iter_mut().zip(places) {
                        *tap = columns[seen + place];
                    }
                }
            }
        }
    }
}

/// The gradients of some pixels, as tiles `[tiles, pixels, 4 channels]`; zeros fill up the last tile.
fn channels_by_pixel(grad: &[f32], plane: usize, block: core::ops::Range<usize>, tiles: &mut Vec<f32>) {
    let channels = grad.len() / plane;
    tiles.clear();
    tiles.resize(channels.next_multiple_of(CHANNELS) * block.len(), 0.0);
    let tiles = tiles.as_chunks_mut::<CHANNELS>().0;
    for (oc, plane) in grad.chunks_exact(plane).enumerate() {
        let tile = &mut tiles[oc / CHANNELS * block.len()..][..block.len()];
        for (tile, &grad) in tile.iter_mut().zip(&plane[block.clone()]) {
            tile[oc % CHANNELS] = grad;
        }
    }
}

/// Adds the products of one block of `pixels` to `sums`, `[channels, taps]`.
fn add_products(pixels: usize, gradients: &[f32], panels: &[f32], (channels, taps): (usize, usize), sums: &mut [f64]) {
    let (tiles, panels) = (gradients.as_chunks::<CHANNELS>().0, panels.as_chunks::<PIXELS>().0);
    for (gradients, first_channel) in tiles.chunks_exact(pixels).zip((0..channels).step_by(CHANNELS)) {
        for (panel, first_tap) in panels.chunks_exact(pixels).zip((0..taps).step_by(PIXELS)) {
            let products = tile(gradients, panel.iter().map(both), &[0.0; CHANNELS]);
            for (oc, row) in (first_channel..channels).zip(&products) {
                let values = row.map(crate::lanes::Lanes::values);
                let end = (oc + 1) * taps;
                for (sum, &value) in sums[oc * taps + first_tap..end].iter_mut().zip(values.as_flattened()) {
                    *sum += f64::from(value);
                }
            }
        }
    }
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
