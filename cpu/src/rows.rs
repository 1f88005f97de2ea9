//! Loops over slices, a vector at a time and then the rest.

use crate::lanes::Simd;

/// The lower bound of the output: 0 with ReLU, otherwise minus infinity.
#[inline(always)]
pub(crate) fn floor(relu: bool) -> f32 {
    if relu { 0.0 } else { f32::NEG_INFINITY }
}

/// `output[i] = f(x[i])`
#[inline(always)]
pub(crate) fn map<const N: usize, S: Simd<N>>(
    simd: S,
    x: &[f32],
    output: &mut [f32],
    f: impl Fn(S::Lanes) -> S::Lanes,
) {
    zip(simd, x, x, output, |x, _| f(x));
}

/// `output[i] = f(x[i], y[i])`
#[inline(always)]
pub(crate) fn zip<const N: usize, S: Simd<N>>(
    simd: S,
    x: &[f32],
    y: &[f32],
    output: &mut [f32],
    f: impl Fn(S::Lanes, S::Lanes) -> S::Lanes,
) {
    let ((x, x_rest), (y, y_rest)) = (x.as_chunks::<N>(), y.as_chunks::<N>());
    let (output, output_rest) = output.as_chunks_mut::<N>();
    for ((x, y), output) in x.iter().zip(y).zip(output) {
        *output = simd.values(f(simd.load(x), simd.load(y)));
    }
    for ((&x, &y), output) in x_rest.iter().zip(y_rest).zip(output_rest) {
        *output = simd.values(f(simd.splat(x), simd.splat(y)))[0];
    }
}

/// Copies every so many elements of `from`, as far as both reach.
#[inline(always)]
pub(crate) fn thin(stride: usize, from: &[f32], to: &mut [f32]) {
    match stride {
        1 => {
            let len = from.len().min(to.len());
            to[..len].copy_from_slice(&from[..len]);
        }
        // In pairs, which the compiler vectorises.
        2 => {
            let (pairs, rest) = from.as_chunks::<2>();
            to.iter_mut().zip(pairs).for_each(|(to, [from, _])| *to = *from);
            to.iter_mut().skip(pairs.len()).zip(rest).for_each(|(to, from)| *to = *from);
        }
        _ => to.iter_mut().zip(from.iter().step_by(stride)).for_each(|(to, from)| *to = *from),
    }
}
