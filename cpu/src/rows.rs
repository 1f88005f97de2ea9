//! Values side by side, four at a time and then the rest; and what a convolution does to its sums.

use crate::lanes::Lanes;

/// What is done to a sum before it is stored.
#[derive(Clone, Copy, Debug, Default)]
pub struct Epilogue<'a> {
    /// Added first: a tensor of the output's size.
    pub residual: Option<&'a [f32]>,
    /// Then what is negative becomes zero.
    pub relu: bool,
}

impl Epilogue<'_> {
    /// Stores `sums` at `start` of the output.
    #[inline(always)]
    pub(crate) fn store(&self, sums: &[f32], output: &mut [f32], start: usize) {
        let output = &mut output[start..start + sums.len()];
        match (self.residual, self.relu) {
            (None, false) => output.copy_from_slice(sums),
            (None, true) => map(sums, output, |x| x.max(Lanes::splat(0.0))),
            (Some(residual), false) => zip(sums, &residual[start..start + sums.len()], output, Lanes::plus),
            (Some(residual), true) => {
                zip(sums, &residual[start..start + sums.len()], output, |x, y| x.plus(y).max(Lanes::splat(0.0)))
            }
        }
    }
}

/// `output[i] = f(x[i])`
#[inline(always)]
pub(crate) fn map(x: &[f32], output: &mut [f32], f: impl Fn(Lanes) -> Lanes) {
    let ((x, x_rest), (output, output_rest)) = (x.as_chunks::<4>(), output.as_chunks_mut::<4>());
    for (x, output) in x.iter().zip(output) {
        *output = f(Lanes::load(x)).values();
    }
    for (&x, output) in x_rest.iter().zip(output_rest) {
        *output = f(Lanes::splat(x)).values()[0];
    }
}

/// `output[i] = f(x[i], y[i])`
#[inline(always)]
pub(crate) fn zip(x: &[f32], y: &[f32], output: &mut [f32], f: impl Fn(Lanes, Lanes) -> Lanes) {
    let ((x, x_rest), (y, y_rest)) = (x.as_chunks::<4>(), y.as_chunks::<4>());
    let (output, output_rest) = output.as_chunks_mut::<4>();
    for ((x, y), output) in x.iter().zip(y).zip(output) {
        *output = f(Lanes::load(x), Lanes::load(y)).values();
    }
    for ((&x, &y), output) in x_rest.iter().zip(y_rest).zip(output_rest) {
        *output = f(Lanes::splat(x), Lanes::splat(y)).values()[0];
    }
}
