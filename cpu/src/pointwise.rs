//! 1×1 convolution at any stride: a matrix product of weights and pixels, strip by strip.

use crate::lanes::Lanes;
use crate::rows::Epilogue;
use crate::tile::{PIXELS, Sums, Weights, tile};
use crate::{Scratch, tile::CHANNELS};

/// Bytes of a strip of pixels: it is read once for every four output channels, and should stay in a second-level cache.
const STRIP_BYTES: usize = 192 << 10;

/// Sizes of a 1×1 convolution in one group.
#[derive(Clone, Copy, Debug)]
pub struct Pointwise {
    pub n: usize,
    pub in_channels: usize,
    pub out_channels: usize,
    pub in_h: usize,
    pub in_w: usize,
    pub out_h: usize,
    pub out_w: usize,
    pub stride: usize,
}

/// `output[n, oc, oh, ow] = bias[oc] + Σ weight[oc, ic] · input[n, ic, stride · oh, stride · ow]`, then the epilogue.
///
/// # Panics
/// Where a slice is shorter than its sizes say.
pub fn pointwise(
    sizes: Pointwise,
    weights: &Weights,
    input: &[f32],
    epilogue: Epilogue<'_>,
    scratch: &mut Scratch,
    output: &mut [f32],
) {
    let pixels = sizes.out_h * sizes.out_w;
    let strip = (STRIP_BYTES / size_of::<f32>() / sizes.in_channels).next_multiple_of(PIXELS);
    for n in 0..sizes.n {
        let picture = &input[n * sizes.in_channels * sizes.in_h * sizes.in_w..];
        for start in (0..pixels).step_by(strip) {
            let len = strip.min(pixels - start);
            gather(sizes, picture, start, len, scratch);
            let first = n * sizes.out_channels * pixels + start;
            product(weights, &scratch.columns, len, epilogue, output, (first, pixels));
        }
    }
}

/// Puts a strip of pixels into panels `[panels, in_channels, 8]`, the last filled up with zeros.
fn gather(sizes: Pointwise, picture: &[f32], start: usize, len: usize, scratch: &mut Scratch) {
    let Pointwise { in_channels, in_h, in_w, out_w, stride, .. } = sizes;
    let Scratch { columns, places, .. } = scratch;
    columns.resize(len.next_multiple_of(PIXELS) * in_channels, 0.0);
    let columns = columns.as_chunks_mut::<PIXELS>().0;
    places.clear();
    if stride != 1 {
        places.extend((start..start + len).map(|pixel| (pixel / out_w) * stride * in_w + (pixel % out_w) * stride));
    }
    let (full, rest) = (len / PIXELS, len % PIXELS);
    for (ic, plane) in picture.chunks_exact(in_h * in_w).take(in_channels).enumerate() {
        let column = |panel: usize| panel * in_channels + ic;
        if stride == 1 {
            let (panels, tail) = plane[start..start + len].as_chunks::<PIXELS>();
            for (panel, pixels) in panels.iter().enumerate() {
                columns[column(panel)] = *pixels;
            }
            if rest > 0 {
                let mut last = [0.0; PIXELS];
                last[..rest].copy_from_slice(tail);
                columns[column(full)] = last;
            }
        } else {
            for (panel, places) in places.chunks(PIXELS).enumerate() {
                let mut pixels = [0.0; PIXELS];
                for (pixel, &place) in pixels.iter_mut().zip(places) {
                    *pixel = plane[place];
                }
                columns[column(panel)] = pixels;
            }
        }
    }
}

/// All output channels of a strip; `place` is its first element in the output and the elements of a channel.
fn product(
    weights: &Weights,
    columns: &[f32],
    len: usize,
    epilogue: Epilogue<'_>,
    output: &mut [f32],
    (first, plane): (usize, usize),
) {
    let panels = columns.as_chunks::<PIXELS>().0;
    let mut channel = first;
    for (weights, bias, channels) in weights.group(0) {
        for (panel, columns) in panels.chunks_exact(weights.len()).enumerate() {
            let left = len - panel * PIXELS;
            let start = channel + panel * PIXELS;
            if left > PIXELS / 2 {
                let sums = tile(weights, columns.iter().map(both), bias);
                store(&sums, channels, left.min(PIXELS), epilogue, output, (start, plane));
            } else {
                let sums = tile(weights, columns.iter().map(|column| [both(column)[0]]), bias);
                store(&sums, channels, left, epilogue, output, (start, plane));
            }
        }
        channel += channels * plane;
    }
}

#[inline(always)]
fn both(column: &[f32; PIXELS]) -> [Lanes; 2] {
    let [a, b, c, d, e, f, g, h] = *column;
    [Lanes::load(&[a, b, c, d]), Lanes::load(&[e, f, g, h])]
}

/// The first `channels` rows of a tile, `len` pixels of each.
#[inline(always)]
fn store<const V: usize>(
    sums: &Sums<V>,
    channels: usize,
    len: usize,
    epilogue: Epilogue<'_>,
    output: &mut [f32],
    (start, plane): (usize, usize),
) {
    for (row, sums) in sums.iter().enumerate().take(channels.min(CHANNELS)) {
        let values = sums.map(Lanes::values);
        let start = start + row * plane;
        if len == 4 * V {
            epilogue.store(values.as_flattened(), output, start);
        } else {
            epilogue.store(&values.as_flattened()[..len], output, start);
        }
    }
}
