//! The operations other than convolutions.

use crate::Instructions;
use crate::lanes::{Loop, Simd};
use crate::rows::{floor, map, thin, zip};

/// Sizes of a max-pool with a square window.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
pub struct Pool {
    /// Rows of an input plane.
    pub in_h: usize,
    /// Columns of an input plane.
    pub in_w: usize,
    /// Rows of an output plane.
    pub out_h: usize,
    /// Columns of an output plane.
    pub out_w: usize,
    /// Rows and columns of the window.
    pub kernel_size: usize,
    /// Input pixels from one window to the next.
    pub stride: usize,
    /// Pixels added on each side of a plane.
    pub padding: usize,
}

/// `torch.nn.MaxPool2d`: the largest value per window, for planes `[in_h, in_w]` in `input` and `[out_h, out_w]` in `output`;
/// padding counts as minus infinity.
///
/// # Panics
/// If a plane has no elements.
pub fn max_pool(sizes: Pool, input: &[f32], output: &mut [f32]) {
    let Pool { in_h, in_w, out_h, out_w, kernel_size, stride, padding } = sizes;
    // The largest value per column, with the padding, as far as the last window reaches.
    let mut tallest = vec![f32::NEG_INFINITY; ((out_w - 1) * stride + kernel_size).max(padding + in_w)];
    let mut shifted = vec![0.0; out_w];
    let larger = |largest: &mut f32, value: f32| *largest = if value > *largest { value } else { *largest };
    let planes = input.chunks_exact(in_h * in_w).zip(output.chunks_exact_mut(out_h * out_w));
    for (input, output) in planes {
        for (oh, output) in output.chunks_exact_mut(out_w).enumerate() {
            let columns = &mut tallest[padding..padding + in_w];
            columns.fill(f32::NEG_INFINITY);
            let top = oh * stride;
            for ih in top.saturating_sub(padding)..(top + kernel_size).saturating_sub(padding).min(in_h) {
                let row = &input[ih * in_w..(ih + 1) * in_w];
                columns.iter_mut().zip(row).for_each(|(largest, &value)| larger(largest, value));
            }
            output.fill(f32::NEG_INFINITY);
            for kw in 0..kernel_size {
                thin(stride, &tallest[kw..], &mut shifted);
                output.iter_mut().zip(&shifted).for_each(|(largest, &value)| larger(largest, value));
            }
        }
    }
}

/// `input * scale[c] + shift[c]` over planes of `plane` elements, `[n, c, plane]`, then ReLU if `relu`.
///
/// # Panics
/// If `plane` is 0.
pub fn scale_and_shift(plane: usize, scale: &[f32], shift: &[f32], relu: bool, input: &[f32], output: &mut [f32]) {
    Instructions::widest().run(ScaleAndShift { plane, scale, shift, relu, input, output });
}

struct ScaleAndShift<'a> {
    plane: usize,
    scale: &'a [f32],
    shift: &'a [f32],
    relu: bool,
    input: &'a [f32],
    output: &'a mut [f32],
}

impl Loop for ScaleAndShift<'_> {
    #[inline(always)]
    fn run<const N: usize, S: Simd<N>>(self, simd: S) {
        let Self { plane, scale, shift, relu, input, output } = self;
        let floor = simd.splat(floor(relu));
        let channels = scale.iter().zip(shift).cycle();
        for ((input, output), (&scale, &shift)) in
            input.chunks_exact(plane).zip(output.chunks_exact_mut(plane)).zip(channels)
        {
            let (scale, shift) = (simd.splat(scale), simd.splat(shift));
            map(simd, input, output, |x| simd.max(simd.plus_product(shift, x, scale), floor));
        }
    }
}

/// The sum of two tensors of the same shape, then ReLU if `relu`.
pub fn add(x: &[f32], y: &[f32], relu: bool, output: &mut [f32]) {
    Instructions::widest().run(Add { x, y, relu, output });
}

struct Add<'a> {
    x: &'a [f32],
    y: &'a [f32],
    relu: bool,
    output: &'a mut [f32],
}

impl Loop for Add<'_> {
    #[inline(always)]
    fn run<const N: usize, S: Simd<N>>(self, simd: S) {
        let Self { x, y, relu, output } = self;
        let floor = simd.splat(floor(relu));
        zip(simd, x, y, output, |x, y| simd.max(simd.plus(x, y), floor));
    }
}

/// One map per picture of `input`, `[n, c, plane]`, and row of `weight`, `[rows, c]`: the sum of the picture's planes, each
/// times its weight, `[n, rows, plane]`. Sums are f64, because there are thousands of channels.
///
/// # Panics
/// If `c` or `plane` is 0.
pub fn weighted_sums(c: usize, plane: usize, input: &[f32], weight: &[f32]) -> Vec<f32> {
    let mut output = Vec::with_capacity(input.len() / c * weight.len() / c);
    let mut sums = vec![0.0; plane];
    for picture in input.chunks_exact(c * plane) {
        for row in weight.chunks_exact(c) {
            sums.fill(0.0);
            for (&weight, values) in row.iter().zip(picture.chunks_exact(plane)) {
                for (sum, &value) in sums.iter_mut().zip(values) {
                    *sum += f64::from(weight) * f64::from(value);
                }
            }
            output.extend(sums.iter().map(|&sum| sum as f32));
        }
    }
    output
}

/// The mean per plane of `plane` elements: `[n, c, plane]` to `[n, c]` (`torch.nn.AdaptiveAvgPool2d(1)`).
///
/// # Panics
/// If `plane` is 0.
pub fn means(plane: usize, input: &[f32], output: &mut [f32]) {
    for (input, output) in input.chunks_exact(plane).zip(output) {
        *output = input.iter().sum::<f32>() / plane as f32;
    }
}

/// `output[n, o] = bias[o] + Σ weight[o, i] · input[n, i]` (`torch.nn.Linear`).
///
/// # Panics
/// If `weight` or `bias` is empty.
pub fn linear(weight: &[f32], bias: &[f32], input: &[f32], output: &mut [f32]) {
    Instructions::widest().run(Linear { weight, bias, input, output });
}

struct Linear<'a> {
    weight: &'a [f32],
    bias: &'a [f32],
    input: &'a [f32],
    output: &'a mut [f32],
}

impl Loop for Linear<'_> {
    #[inline(always)]
    fn run<const N: usize, S: Simd<N>>(self, simd: S) {
        let Self { weight, bias, input, output } = self;
        let in_features = weight.len() / bias.len();
        for (input, output) in input.chunks_exact(in_features).zip(output.chunks_exact_mut(bias.len())) {
            for ((row, &bias), output) in weight.chunks_exact(in_features).zip(bias).zip(output) {
                *output = bias + dot(simd, row, input);
            }
        }
    }
}

/// The dot product in vectors of four partial sums, so that no addition waits for the one before.
#[inline(always)]
fn dot<const N: usize, S: Simd<N>>(simd: S, x: &[f32], y: &[f32]) -> f32 {
    let ((x, x_rest), (y, y_rest)) = (x.as_chunks::<N>(), y.as_chunks::<N>());
    let ((x, x_last), (y, y_last)) = (x.as_chunks::<4>(), y.as_chunks::<4>());
    let mut sums = [simd.splat(0.0); 4];
    for (x, y) in x.iter().zip(y) {
        for i in 0..4 {
            sums[i] = simd.plus_product(sums[i], simd.load(&x[i]), simd.load(&y[i]));
        }
    }
    for (x, y) in x_last.iter().zip(y_last) {
        sums[0] = simd.plus_product(sums[0], simd.load(x), simd.load(y));
    }
    let rest: f32 = x_rest.iter().zip(y_rest).map(|(x, y)| x * y).sum();
    simd.sum(simd.plus(simd.plus(sums[0], sums[1]), simd.plus(sums[2], sums[3]))) + rest
}

/// Softmax over each row of `[n, classes]`; of one class, the sigmoid, which is softmax over that value and a zero.
///
/// # Panics
/// If `classes` is 0.
pub fn softmax(classes: usize, input: &[f32], output: &mut [f32]) {
    for (input, output) in input.chunks_exact(classes).zip(output.chunks_exact_mut(classes)) {
        let is_sigmoid = classes == 1;
        let peak = input.iter().copied().fold(if is_sigmoid { 0.0 } else { f32::NEG_INFINITY }, f32::max);
        let mut sum = if is_sigmoid { (-peak).exp() } else { 0.0 };
        for (&x, output) in input.iter().zip(&mut *output) {
            *output = (x - peak).exp();
            sum += *output;
        }
        output.iter_mut().for_each(|output| *output /= sum);
    }
}

#[cfg(test)]
mod tests {
    use super::{Add, Linear, Pool, ScaleAndShift, max_pool};
    use crate::Instructions;

    /// Numbers between -1 and 1, of either sign.
    fn noise(len: usize, seed: u32) -> Vec<f32> {
        let next = |state: &u32| Some(state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223));
        let states = std::iter::successors(Some(seed), next).skip(1).take(len);
        states.map(|state| (state >> 8) as f32 / (1 << 23) as f32 - 1.0).collect()
    }

    fn assert_near(actual: &[f32], expected: impl Iterator<Item = f64>, what: &str) {
        for (at, (&actual, expected)) in actual.iter().zip(expected).enumerate() {
            assert!((f64::from(actual) - expected).abs() < 1e-5, "{what} at {at}: {actual}, expected {expected}");
        }
    }

    /// The engine takes the widest; the others are for other processors.
    #[test]
    fn each_instruction_set_gives_the_same() {
        for instructions in Instructions::all() {
            // Less than a vector, whole ones, and some more.
            for len in (1..70).chain([200]) {
                let what = format!("{} of {len}", instructions.name());
                let (x, y) = (noise(len, 1), noise(len, 2));
                let pairs = || x.iter().zip(&y).map(|(&x, &y)| (f64::from(x), f64::from(y)));
                let mut output = vec![f32::NAN; len];
                instructions.run(Add { x: &x, y: &y, relu: true, output: &mut output });
                assert_near(&output, pairs().map(|(x, y)| (x + y).max(0.0)), &what);
                let (scale, shift) = (&[0.5], &[-0.25]);
                let output = &mut output;
                instructions.run(ScaleAndShift { plane: len, scale, shift, relu: false, input: &x, output });
                assert_near(output, x.iter().map(|&x| f64::from(x) * 0.5 - 0.25), &what);
                let mut dot = [f32::NAN];
                instructions.run(Linear { weight: &x, bias: &[0.125], input: &y, output: &mut dot });
                assert_near(&dot, [pairs().map(|(x, y)| x * y).sum::<f64>() + 0.125].into_iter(), &what);
            }
        }
    }

    #[test]
    fn a_pool_takes_the_largest_value_under_each_window() {
        for (kernel_size, stride, [in_h, in_w]) in (1..=4)
            .flat_map(|kernel_size| (1..=3).map(move |stride| (kernel_size, stride)))
            .flat_map(|(kernel_size, stride)| [[4, 4], [7, 9], [12, 5]].map(|size| (kernel_size, stride, size)))
        {
            for padding in 0..=kernel_size / 2 {
                let [out_h, out_w] = [in_h, in_w].map(|side| (side + 2 * padding - kernel_size) / stride + 1);
                let input = noise(in_h * in_w, 1);
                let mut output = vec![f32::NAN; out_h * out_w];
                max_pool(Pool { in_h, in_w, out_h, out_w, kernel_size, stride, padding }, &input, &mut output);
                for (at, &output) in output.iter().enumerate() {
                    let [top, left] = [at / out_w, at % out_w].map(|at| at * stride);
                    let seen = |first: usize, side: usize| {
                        (first.max(padding)..(first + kernel_size).min(side + padding)).map(move |at| at - padding)
                    };
                    let values = seen(top, in_h).flat_map(|ih| seen(left, in_w).map(move |iw| (ih, iw)));
                    let largest = values.map(|(ih, iw)| input[ih * in_w + iw]).fold(f32::NEG_INFINITY, f32::max);
                    let what =
                        format!("{in_h}×{in_w}, kernel {kernel_size}, stride {stride}, padding {padding}, at {at}");
                    assert_eq!(output, largest, "{what}");
                }
            }
        }
    }

    #[test]
    fn nan_stays_nan() {
        for instructions in Instructions::all() {
            let (x, mut output) = ([f32::NAN; 33], [0.0; 33]);
            instructions.run(Add { x: &x, y: &[1.0; 33], relu: true, output: &mut output });
            assert!(output.iter().all(|value| value.is_nan()), "{}: {output:?}", instructions.name());
        }
    }
}
