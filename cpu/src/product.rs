//! The matrix product of weights and pixels, followed by the epilogue.

use crate::Scratch;
use crate::lanes::Simd;
use crate::rows::floor;
use crate::tile::{Sums, few, tile};
use crate::weights::Weights;

/// The operations on a sum before it is stored.
#[derive(Clone, Copy, Debug, Default)]
pub struct Epilogue<'a> {
    /// Added first: a tensor of the output's size.
    pub residual: Option<&'a [f32]>,
    /// Whether ReLU follows.
    pub relu: bool,
}

/// All that a convolution is computed from and with.
pub(crate) struct Convolution<'a, Sizes> {
    pub(crate) sizes: Sizes,
    pub(crate) weights: &'a Weights,
    pub(crate) input: &'a [f32],
    pub(crate) epilogue: Epilogue<'a>,
    pub(crate) scratch: &'a mut Scratch,
    pub(crate) output: &'a mut [f32],
}

/// Where the sums of a group go. A sum has a *position*: those of a row lie together, and the next row begins `pitch` further on.
#[derive(Clone, Copy)]
pub(crate) struct Output {
    /// Place of the first channel in the output.
    pub(crate) first: usize,
    /// Pixels per row; positions behind them, up to `pitch`, are no pixels.
    pub(crate) width: usize,
    /// Positions per row.
    pub(crate) pitch: usize,
    /// Pixels per channel.
    pub(crate) plane: usize,
}

/// Computes all output channels of a group for `len` positions, tile by tile. `columns(first)` gives the inputs of the tile that begins so many
/// positions behind `start`: for each term of the sums those of `V * N` positions.
#[inline(always)]
pub(crate) fn product<'a, const N: usize, const C: usize, const V: usize, S: Simd<N>, I>(
    simd: S,
    (weights, group): (&Weights, usize),
    (start, len): (usize, usize),
    columns: impl Fn(usize) -> I,
    epilogue: Epilogue<'_>,
    (output, mut to): (&mut [f32], Output),
) where
    I: Iterator<Item = &'a [[f32; N]; V]>,
{
    for (weights, bias, channels) in weights.group::<C>(group) {
        for first in (0..len).step_by(V * N) {
            let (left, columns) = (len - first, columns(first));
            let place = (start + first, left.min(V * N), channels);
            // A last tile has fewer vectors.
            match left.div_ceil(N) {
                1 if N > FEW && left == 1 => {
                    store(simd, few::<N, C, V, 1, 4, S>(simd, weights, columns, bias), place, epilogue, output, to)
                }
                1 if N > FEW && left <= FEW => {
                    store(simd, few::<N, C, V, FEW, 2, S>(simd, weights, columns, bias), place, epilogue, output, to)
                }
                1 if V > 1 => {
                    store(simd, tile::<N, C, V, 1, S>(simd, weights, columns, bias), place, epilogue, output, to)
                }
                2 if V > 2 => {
                    store(simd, tile::<N, C, V, 2, S>(simd, weights, columns, bias), place, epilogue, output, to)
                }
                _ => store(simd, tile::<N, C, V, V, S>(simd, weights, columns, bias), place, epilogue, output, to),
            }
        }
        to.first += channels * to.plane;
    }
}

/// So many pixels are computed with channels side by side, where a vector has room for more.
const FEW: usize = 4;

/// The most vectors of pixels that a tile has.
const MOST_VECTORS: usize = 6;

/// Stores a tile, which begins at position `start`: `len` positions of so many `channels`.
#[inline(always)]
fn store<const N: usize, const C: usize, const V: usize, S: Simd<N>>(
    simd: S,
    sums: Sums<S::Lanes, C, V>,
    (start, len, channels): (usize, usize, usize),
    epilogue: Epilogue<'_>,
    output: &mut [f32],
    to: Output,
) {
    let (row, column) = (start / to.pitch, start % to.pitch);
    // All of it in one row: as it lies in the registers.
    if len == V * N && column + len <= to.width {
        let floor = simd.splat(floor(epilogue.relu));
        for (channel, sums) in sums.iter().enumerate().take(channels) {
            let start = to.first + channel * to.plane + row * to.width + column;
            let output = output[start..start + V * N].as_chunks_mut::<N>().0;
            let residual = epilogue.residual.map(|residual| residual[start..start + V * N].as_chunks::<N>().0);
            for v in 0..V {
                let sum = residual.map_or(sums[v], |residual| simd.plus(sums[v], simd.load(&residual[v])));
                output[v] = simd.values(simd.max(sum, floor));
            }
        }
        return;
    }
    // One vector more, so that a row can be read in whole vectors from any of its positions.
    let mut values = [[0.0; N]; MOST_VECTORS + 1];
    for (channel, sums) in sums.iter().enumerate().take(channels) {
        for v in 0..V {
            values[v] = simd.values(sums[v]);
        }
        let to = Output { first: to.first + channel * to.plane, ..to };
        store_rows(simd, values.as_flattened(), (row, column, len), epilogue, output, to);
    }
}

/// Stores `len` positions of a channel, row by row in whole vectors. What these write behind the end of a row is written again with the
/// next one.
#[inline(always)]
fn store_rows<const N: usize, S: Simd<N>>(
    simd: S,
    values: &[f32],
    (mut row, mut column, len): (usize, usize, usize),
    epilogue: Epilogue<'_>,
    output: &mut [f32],
    to: Output,
) {
    let floor = simd.splat(floor(epilogue.relu));
    let (output, mut at) = (&mut output[..to.first + to.plane], 0);
    while at < len {
        let count = to.width.saturating_sub(column).min(len - at);
        let start = to.first + row * to.width + column;
        for done in (0..count).step_by(N) {
            let sum = simd.load(values[at + done..].first_chunk().expect("a vector more"));
            let start = start + done;
            let residual = epilogue.residual.map(|residual| &residual[start..]);
            match output[start..].first_chunk_mut() {
                Some(output) => {
                    let residual = residual.and_then(|residual| residual.first_chunk());
                    let sum = residual.map_or(sum, |residual| simd.plus(sum, simd.load(residual)));
                    *output = simd.values(simd.max(sum, floor));
                }
                // The end of the channel.
                None => {
                    let last = &mut output[start..];
                    let mut rest = [0.0; N];
                    if let Some(residual) = residual {
                        rest[..last.len()].copy_from_slice(&residual[..last.len()]);
                    }
                    let sums = simd.values(simd.max(simd.plus(sum, simd.load(&rest)), floor));
                    last.copy_from_slice(&sums[..last.len()]);
                }
            }
        }
        at += to.pitch - column;
        (row, column) = (row + 1, 0);
    }
}
