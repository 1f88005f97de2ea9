//! Elementwise loops over slices, a vector at a time and then the rest.

use crate::lanes::{LANES, Lanes};

/// The lower bound of the output: 0 with ReLU, otherwise minus infinity.
pub(crate) fn floor(relu: bool) -> Lanes {
    Lanes::splat(if relu { 0.0 } else { f32::NEG_INFINITY })
}

/// `output[i] = f(x[i])`
#[inline(always)]
pub(crate) fn map(x: &[f32], output: &mut [f32], f: impl Fn(Lanes) -> Lanes) {
    zip(x, x, output, |x, _| f(x));
}

/// `output[i] = f(x[i], y[i])`
#[inline(always)]
pub(crate) fn zip(x: &[f32], y: &[f32], output: &mut [f32], f: impl Fn(Lanes, Lanes) -> Lanes) {
    let ((x, x_rest), (y, y_rest)) = (x.as_chunks::<LANES>(), y.as_chunks::<LANES>());
    let (output, output_rest) = output.as_chunks_mut::<LANES>();
    for ((x, y), output) in x.iter().zip(y).zip(output) {
        *output = f(Lanes::load(x), Lanes::load(y)).values();
    }
    for ((&x, &y), output) in x_rest.iter().zip(y_rest).zip(output_rest) {
        *output = f(Lanes::splat(x), Lanes::splat(y)).values()[0];
    }
}
