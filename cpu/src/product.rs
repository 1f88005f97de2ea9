//! The matrix product of weights and pixels in panels, followed by the epilogue.

use crate::lanes::{LANES, Lanes};
use crate::rows::{floor, map, zip};
use crate::tile::{PIXELS, Sums, Weights, tile};

/// The operations on a sum before it is stored.
#[derive(Clone, Copy, Debug, Default)]
pub struct Epilogue<'a> {
    /// Added first: a tensor of the output's size.
    pub residual: Option<&'a [f32]>,
    /// Whether ReLU follows.
    pub relu: bool,
}

impl Epilogue<'_> {
    /// Stores `sums` at `start` of the output, for the few tiles at the edge.
    #[inline(never)]
    fn store(&self, sums: &[f32], output: &mut [f32], start: usize) {
        let (output, floor) = (&mut output[start..start + sums.len()], floor(self.relu));
        match self.residual {
            None => map(sums, output, |x| x.max(floor)),
            Some(residual) => zip(sums, &residual[start..start + sums.len()], output, |x, y| x.plus(y).max(floor)),
        }
    }
}

/// Bytes of a strip of pixels. It is read once per four output channels, and should stay in a second-level cache.
const STRIP_BYTES: usize = 192 << 10;

/// Pixels per strip, in whole panels, if each pixel has `taps` values.
pub(crate) fn strip(taps: usize) -> usize {
    (STRIP_BYTES / size_of::<f32>() / taps).next_multiple_of(PIXELS)
}

/// [`multiply`], compiled for the processor that it runs on.
pub(crate) fn product(
    weights: (&Weights, usize),
    panels: &[f32],
    len: usize,
    epilogue: Epilogue<'_>,
    output: &mut [f32],
    place: (usize, usize),
) {
    fast!(multiply(weights, panels, len, epilogue, output, place));
}

/// Computes all output channels of a group for `len` pixels in panels `[panels, taps, PIXELS]`; `place` is the index of the first
/// element in the output, and the number of elements per channel.
#[inline(always)]
fn multiply(
    (weights, group): (&Weights, usize),
    panels: &[f32],
    len: usize,
    epilogue: Epilogue<'_>,
    output: &mut [f32],
    place: (usize, usize),
) {
    let panels = panels.as_chunks::<PIXELS>().0;
    let (mut channel, plane) = place;
    for (weights, bias, channels) in weights.group(group) {
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

/// A panel's column as two vectors.
#[inline(always)]
pub(crate) fn both(column: &[f32; PIXELS]) -> [Lanes; 2] {
    let vectors = column.as_chunks::<LANES>().0;
    [Lanes::load(&vectors[0]), Lanes::load(&vectors[1])]
}

/// Stores the first `channels` rows of a tile, `len` pixels per row.
#[inline(always)]
fn store<const V: usize>(
    sums: &Sums<V>,
    channels: usize,
    len: usize,
    epilogue: Epilogue<'_>,
    output: &mut [f32],
    (start, plane): (usize, usize),
) {
    let floor = floor(epilogue.relu);
    for (row, sums) in sums.iter().enumerate().take(channels) {
        let start = start + row * plane;
        if len < LANES * V {
            epilogue.store(&sums.map(Lanes::values).as_flattened()[..len], output, start);
            continue;
        }
        let output = output[start..start + LANES * V].as_chunks_mut::<LANES>().0;
        let residual = epilogue.residual.map(|residual| residual[start..start + LANES * V].as_chunks::<LANES>().0);
        for v in 0..V {
            let sum = residual.map_or(sums[v], |residual| sums[v].plus(Lanes::load(&residual[v])));
            output[v] = sum.max(floor).values();
        }
    }
}
