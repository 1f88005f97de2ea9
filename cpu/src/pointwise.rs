//! 1×1 convolution with stride 1: a matrix product of weights and pixels, computed in strips of pixels.

use crate::Scratch;
use crate::lanes::Simd;
use crate::product::{Convolution, Epilogue, Output, product};
use crate::weights::{Tiles, Weights};

/// Sizes of a 1×1 convolution with one group and stride 1.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
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

/// Bytes of a strip of pixels. It is read once per tile of output channels, and should stay in a second-level cache.
const STRIP_BYTES: usize = 192 << 10;

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
    weights.run(Convolution { sizes, weights, input, epilogue, scratch, output });
}

impl Tiles for Convolution<'_, Pointwise> {
    #[inline(always)]
    fn run<const N: usize, const C: usize, const V: usize, S: Simd<N>>(self, simd: S) {
        let Self { sizes, weights, input, epilogue, scratch, output } = self;
        let Pointwise { n, in_channels, out_channels, pixels } = sizes;
        let strip = strip::<N, V>(in_channels);
        for n in 0..n {
            let image = &input[n * in_channels * pixels..(n + 1) * in_channels * pixels];
            for (start, len) in strips(pixels, strip, V * N) {
                gather::<N, V>(image, pixels, start, len, &mut scratch.panels);
                let panels = scratch.panels.as_chunks::<N>().0.as_chunks::<V>().0;
                let columns = |first: usize| panels[first / (V * N) * in_channels..][..in_channels].iter();
                // All pixels are one row.
                let to = Output { first: n * out_channels * pixels, width: pixels, pitch: pixels, plane: pixels };
                product::<N, C, V, S, _>(simd, (weights, 0), (start, len), columns, epilogue, (output, to));
            }
        }
    }
}

/// Pixels per strip, in whole panels, if each pixel has `taps` values.
#[inline(always)]
pub(crate) fn strip<const N: usize, const V: usize>(taps: usize) -> usize {
    (STRIP_BYTES / size_of::<f32>() / taps).max(1).next_multiple_of(V * N)
}

/// Start and length of each strip. What would be less than a tile goes with the last: the weights are read once per strip.
#[inline(always)]
pub(crate) fn strips(pixels: usize, strip: usize, tile: usize) -> impl Iterator<Item = (usize, usize)> {
    let count = (pixels + 1).saturating_sub(tile).div_ceil(strip).max(1);
    (0..count).map(move |at| (at * strip, if at + 1 == count { pixels - at * strip } else { strip }))
}

/// Copies a strip of pixels into panels `[panels, in_channels, V * N]`; zeros fill the last panel.
#[inline(always)]
fn gather<const N: usize, const V: usize>(
    image: &[f32],
    plane: usize,
    start: usize,
    len: usize,
    panels: &mut Vec<f32>,
) {
    let in_channels = image.len() / plane;
    panels.resize(len.next_multiple_of(V * N) * in_channels, 0.0);
    let columns = panels.as_chunks_mut::<N>().0.as_chunks_mut::<V>().0;
    for (ic, plane) in image.chunks_exact(plane).enumerate() {
        let (vectors, _) = plane[start..start + len].as_chunks::<N>();
        let full = vectors.as_chunks::<V>().0;
        for (panel, pixels) in full.iter().enumerate() {
            columns[panel * in_channels + ic] = *pixels;
        }
        let rest = &plane[start..start + len][full.len() * V * N..];
        if !rest.is_empty() {
            let last = &mut columns[full.len() * in_channels + ic];
            *last = [[0.0; N]; V];
            last.as_flattened_mut()[..rest.len()].copy_from_slice(rest);
        }
    }
}
