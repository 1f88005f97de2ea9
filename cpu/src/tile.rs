//! The innermost loops of every convolution: a tile of output channels and pixels that stays in registers.

use crate::lanes::Simd;

/// Sums of `C` output channels for `V` vectors of pixels.
pub(crate) type Sums<Lanes, const C: usize, const V: usize> = [[Lanes; V]; C];

/// How far ahead of their use weights are fetched, in numbers. A network's weights do not stay in a cache from run to run, and the processor
/// does not ask for them soon enough by itself: without it a layer of 7 × 7 pixels takes 1.4 times as long.
const AHEAD: usize = 2048;

/// `sums[oc][pixel] = bias[oc] + Σ weights[k][oc] · columns[k][pixel]`, for the first `U` of `V` vectors of pixels.
#[inline(always)]
pub(crate) fn tile<'a, const N: usize, const C: usize, const V: usize, const U: usize, S: Simd<N>>(
    simd: S,
    weights: &[[f32; C]],
    columns: impl Iterator<Item = &'a [[f32; N]; V]>,
    bias: &[f32; C],
) -> Sums<S::Lanes, C, U> {
    let mut sums = [[simd.splat(0.0); U]; C];
    for (sums, &bias) in sums.iter_mut().zip(bias) {
        *sums = [simd.splat(bias); U];
    }
    for (weight, pixels) in weights.iter().zip(columns) {
        simd.prefetch(weight.as_ptr().wrapping_add(AHEAD));
        let pixels: [S::Lanes; U] = core::array::from_fn(|v| simd.load(&pixels[v]));
        for oc in 0..C {
            let weight = simd.splat(weight[oc]);
            for v in 0..U {
                sums[oc][v] = simd.plus_product(sums[oc][v], weight, pixels[v]);
            }
        }
    }
    sums
}

/// [`tile`] for the first `P` pixels, a part of one vector: here channels lie side by side in the registers. `CHAINS` terms in turns have
/// sums of their own, which need not wait for one another.
#[inline(always)]
pub(crate) fn few<
    'a,
    const N: usize,
    const C: usize,
    const V: usize,
    const P: usize,
    const CHAINS: usize,
    S: Simd<N>,
>(
    simd: S,
    weights: &[[f32; C]],
    mut columns: impl Iterator<Item = &'a [[f32; N]; V]>,
    bias: &[f32; C],
) -> Sums<S::Lanes, C, 1> {
    // Where a vector is wider than a tile has channels, it holds some of the next term's weights too: sums that nobody reads.
    let vectors = C.div_ceil(N);
    let mut sums = [[[simd.splat(0.0); P]; CHAINS]; MOST_VECTORS];
    let mut weights = weights.as_flattened();
    'terms: loop {
        for chain in 0..CHAINS {
            let Some(pixels) = columns.next() else { break 'terms };
            for (sums, at) in sums.iter_mut().zip(0..vectors) {
                let weight = simd.load(weights[at * N..].first_chunk().expect("zeros follow the last"));
                for p in 0..P {
                    sums[chain][p] = simd.plus_product(sums[chain][p], weight, simd.splat(pixels[0][p]));
                }
            }
            weights = &weights[C..];
        }
    }
    let mut values = [[0.0; N]; C];
    for p in 0..P {
        let chains = |at: usize| sums[at].iter().fold(simd.splat(0.0), |sum, chain| simd.plus(sum, chain[p]));
        let each = (0..vectors).flat_map(|at| simd.values(chains(at)));
        for ((values, bias), sum) in values.iter_mut().zip(bias).zip(each) {
            values[p] = bias + sum;
        }
    }
    values.map(|values| [simd.load(&values)])
}

/// Vectors that the channels of a tile fill, at most.
const MOST_VECTORS: usize = 2;
