//! Batch norm with the batch's own statistics, and its backward pass.

use core::ops::Range;

/// Sizes of a batch norm: `[n, c, plane]`.
#[derive(Clone, Copy, Debug)]
pub struct BatchNorm {
    /// Pictures of the batch.
    pub n: usize,
    /// Channels.
    pub c: usize,
    /// Pixels per channel.
    pub plane: usize,
    /// Added to the variance under the square root.
    pub eps: f64,
}

impl BatchNorm {
    /// Values per channel.
    fn count(self) -> f64 {
        (self.n * self.plane) as f64
    }

    /// The places of a channel's planes, picture after picture.
    fn planes(self, c: usize) -> impl Iterator<Item = Range<usize>> {
        (0..self.n).map(move |n| {
            let start = (n * self.c + c) * self.plane;
            start..start + self.plane
        })
    }

    /// Mean and one over the standard deviation of a channel.
    fn scale(self, statistics: &[f32], c: usize) -> (f32, f64) {
        (statistics[c], 1.0 / (f64::from(statistics[self.c + c]) + self.eps).sqrt())
    }
}

/// Partial sums, so that no addition waits for the one before.
const SUMS: usize = 8;

/// `Σ f(x, y)` in f64.
#[inline(always)]
fn sum(x: &[f32], y: &[f32], f: impl Fn(f32, f32) -> f64) -> f64 {
    let ((x, x_rest), (y, y_rest)) = (x.as_chunks::<SUMS>(), y.as_chunks::<SUMS>());
    let mut sums = [0.0; SUMS];
    for (x, y) in x.iter().zip(y) {
        for i in 0..SUMS {
            sums[i] += f(x[i], y[i]);
        }
    }
    let rest: f64 = x_rest.iter().zip(y_rest).map(|(&x, &y)| f(x, y)).sum();
    sums.iter().sum::<f64>() + rest
}

/// Σ of the values in f64.
pub(crate) fn total(values: &[f32]) -> f64 {
    sum(values, values, |x, _| f64::from(x))
}

/// Mean and variance per channel, `[2, c]`, in two passes; the variance is divided by the number of values.
///
/// # Panics
/// If a slice is shorter than `sizes` require.
pub fn statistics(sizes: BatchNorm, input: &[f32], output: &mut [f32]) {
    let (means, variances) = output.split_at_mut(sizes.c);
    for (c, (mean, variance)) in means.iter_mut().zip(variances).enumerate() {
        let average = sizes.planes(c).map(|plane| total(&input[plane])).sum::<f64>() / sizes.count();
        let square = |plane: Range<usize>| {
            let plane = &input[plane];
            sum(plane, plane, |x, _| (f64::from(x) - average) * (f64::from(x) - average))
        };
        *mean = average as f32;
        *variance = (sizes.planes(c).map(square).sum::<f64>() / sizes.count()) as f32;
    }
}

/// Lets running mean and variance, `[2, c]`, follow a batch's: `0.9 * old + 0.1 * new`, with the variance divided by one value
/// less.
///
/// # Panics
/// If a slice is shorter than `sizes` require.
pub fn batch_norm_running(sizes: BatchNorm, statistics: &[f32], running: &mut [f32]) {
    let unbiased = sizes.count() / (sizes.count() - 1.0);
    for (at, (running, &new)) in running[..2 * sizes.c].iter_mut().zip(statistics).enumerate() {
        let new = if at < sizes.c { f64::from(new) } else { unbiased * f64::from(new) };
        *running = (0.9 * f64::from(*running) + 0.1 * new) as f32;
    }
}

/// What both gradients of a batch norm are computed from.
#[derive(Clone, Copy, Debug)]
pub struct BatchNormGrad<'a> {
    /// Its sizes.
    pub sizes: BatchNorm,
    /// Its input.
    pub input: &'a [f32],
    /// Mean and variance, `[2, c]`.
    pub statistics: &'a [f32],
    /// The gradient of its output.
    pub grad: &'a [f32],
    /// The output of the ReLU that follows, if one does: gradients count where it is above 0.
    pub relu: Option<&'a [f32]>,
}

impl BatchNormGrad<'_> {
    /// Calls `f(place, input, grad)` for each plane of a channel, with the gradient in front of the ReLU; `masked` has room for it.
    #[inline(always)]
    fn each_plane(&self, c: usize, masked: &mut [f32], mut f: impl FnMut(Range<usize>, &[f32], &[f32])) {
        for place in self.sizes.planes(c) {
            let mut grad = &self.grad[place.clone()];
            if let Some(relu) = self.relu {
                crate::learn::positive(&relu[place.clone()], grad, masked);
                grad = &*masked;
            }
            f(place.clone(), &self.input[place], grad);
        }
    }
}

/// The gradients of weight and bias, `[2, c]`.
///
/// # Panics
/// If a slice is shorter than the sizes require.
pub fn batch_norm_grad_weight(norm: &BatchNormGrad<'_>, output: &mut [f32]) {
    let sizes = norm.sizes;
    let mut masked = vec![0.0; sizes.plane];
    for c in 0..sizes.c {
        let (mean, scale) = sizes.scale(norm.statistics, c);
        let (mut weight, mut bias) = (0.0, 0.0);
        norm.each_plane(c, &mut masked, |_, input, grad| {
            weight += sum(input, grad, |x, grad| f64::from(x - mean) * f64::from(grad));
            bias += total(grad);
        });
        output[c] = (weight * scale) as f32;
        output[sizes.c + c] = bias as f32;
    }
}

/// The gradient of the input. `parameters` are weight and bias, `[2, c]`, and `grad_parameters` their gradients.
///
/// # Panics
/// If a slice is shorter than the sizes require.
pub fn batch_norm_grad_input(
    norm: &BatchNormGrad<'_>,
    parameters: &[f32],
    grad_parameters: &[f32],
    output: &mut [f32],
) {
    let sizes = norm.sizes;
    let mut masked = vec![0.0; sizes.plane];
    for c in 0..sizes.c {
        let (mean, scale) = sizes.scale(norm.statistics, c);
        let outer = f64::from(parameters[c]) * scale;
        let by_xhat = f64::from(grad_parameters[c]) * scale / sizes.count();
        let constant = f64::from(grad_parameters[sizes.c + c]) / sizes.count();
        let (outer, by_xhat, constant) = (outer as f32, by_xhat as f32, constant as f32);
        norm.each_plane(c, &mut masked, |place, input, grad| {
            for ((output, &x), &grad) in output[place].iter_mut().zip(input).zip(grad) {
                *output = outer * ((grad - constant) - (x - mean) * by_xhat);
            }
        });
    }
}
