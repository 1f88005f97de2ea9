//! 1×1 convolution with stride 1: a matrix product of weights and pixels, computed in strips of pixels.

use crate::Scratch;
use crate::product::{Epilogue, product, strip};
use crate::tile::{PIXELS, Weights};

/// Sizes of a 1×1 convolution with one group and stride 1.
#[derive(Clone, Copy, Debug)]
pub struct Pointwise {
    /// Images of the batch.
    pub n: usize,
    /// Channels of an input image.
    pub in_channels: usize,
    /// Channels of an output image.
    pub out_channels: usize,
    /// Pixels per channel, the same in input and output.
    pub pixels: usize,
}

/// `output[n, oc, pixel] = bias[oc] + Σ weight[oc, ic] · input[n, ic, pixel]`, then the epilogue.
///
/// # Panics
/// If a slice is shorter than `sizes` require.
pub fn pointwise(
    sizes: Pointwise,
    weights: &Weights,
    input: &[f32],
    epilogue: Epilogue<'_>,
    scratch: &mut Scratch,
    output: &mut [f32],
) {
    let Pointwise { n, in_channels, out_channels, pixels } = sizes;
    let strip = strip(in_channels);
    for n in 0..n {
        let image = &input[n * in_channels * pixels..(n + 1) * in_channels * pixels];
        for start in (0..pixels).step_by(strip) {
            let len = strip.min(pixels - start);
            gather(image, pixels, start, len, &mut scratch.panels);
            let first = n * out_channels * pixels + start;
            product((weights, 0), &scratch.panels, len, epilogue, output, (first, pixels));
        }
    }
}

/// Copies a strip of pixels into panels `[panels, in_channels, PIXELS]`; zeros fill the last panel.
fn gather(image: &[f32], plane: usize, start: usize, len: usize, panels: &mut Vec<f32>) {
    let in_channels = image.len() / plane;
    panels.resize(len.next_multiple_of(PIXELS) * in_channels, 0.0);
    let columns = panels.as_chunks_mut::<PIXELS>().0;
    for (ic, plane) in image.chunks_exact(plane).enumerate() {
        let (full, rest) = plane[start..start + len].as_chunks::<PIXELS>();
        for (panel, pixels) in full.iter().enumerate() {
            columns[panel * in_channels + ic] = *pixels;
        }
        if !rest.is_empty() {
            let last = &mut columns[full.len() * in_channels + ic];
            *last = [0.0; PIXELS];
            last[..rest.len()].copy_from_slice(rest);
        }
    }
}
