//! The operations other than convolutions.

use crate::lanes::{LANES, Lanes};
use crate::rows::{floor, map, zip};

/// Sizes of a max-pool with a square window.
#[derive(Clone, Copy, Debug)]
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
    let mut tallest = vec![0.0; in_w];
    let planes = input.chunks_exact(in_h * in_w).zip(output.chunks_exact_mut(out_h * out_w));
    for (input, output) in planes {
        for (oh, output) in output.chunks_exact_mut(out_w).enumerate() {
            // First the largest value per column.
            tallest.fill(f32::NEG_INFINITY);
            let top = oh * stride;
            for ih in top.saturating_sub(padding)..(top + kernel_size).saturating_sub(padding).min(in_h) {
                let row = &input[ih * in_w..(ih + 1) * in_w];
                for (largest, &value) in tallest.iter_mut().zip(row) {
                    *largest = if value > *largest { value } else { *largest };
                }
            }
            for (ow, output) in output.iter_mut().enumerate() {
                let left = ow * stride;
                let end = (left + kernel_size).saturating_sub(padding).min(in_w);
                let columns = &tallest[left.saturating_sub(padding).min(end)..end];
                *output = columns.iter().fold(f32::NEG_INFINITY, |a, &b| if b > a { b } else { a });
            }
        }
    }
}

/// `input * scale[c] + shift[c]` over planes of `plane` elements, `[n, c, plane]`, then ReLU if `relu`.
///
/// # Panics
/// If `plane` is 0.
pub fn scale_and_shift(plane: usize, scale: &[f32], shift: &[f32], relu: bool, input: &[f32], output: &mut [f32]) {
    let channels = scale.iter().zip(shift).cycle();
    for ((input, output), (&scale, &shift)) in
        input.chunks_exact(plane).zip(output.chunks_exact_mut(plane)).zip(channels)
    {
        let (scale, shift) = (Lanes::splat(scale), Lanes::splat(shift));
        let floor = floor(relu);
        map(input, output, |x| shift.plus_product(x, scale).max(floor));
    }
}

/// The sum of two tensors of the same shape, then ReLU if `relu`.
pub fn add(x: &[f32], y: &[f32], relu: bool, output: &mut [f32]) {
    let floor = floor(relu);
    zip(x, y, output, |x, y| x.plus(y).max(floor));
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
    let in_features = weight.len() / bias.len();
    for (input, output) in input.chunks_exact(in_features).zip(output.chunks_exact_mut(bias.len())) {
        for ((row, &bias), output) in weight.chunks_exact(in_features).zip(bias).zip(output) {
            *output = bias + dot(row, input);
        }
    }
}

/// The dot product in vectors of four partial sums, so that no addition waits for the one before.
fn dot(x: &[f32], y: &[f32]) -> f32 {
    let ((x, x_rest), (y, y_rest)) = (x.as_chunks::<{ 4 * LANES }>(), y.as_chunks::<{ 4 * LANES }>());
    let mut sums = [Lanes::splat(0.0); 4];
    for (x, y) in x.iter().zip(y) {
        let vectors = x.as_chunks::<LANES>().0.iter().zip(y.as_chunks::<LANES>().0);
        for (sum, (x, y)) in sums.iter_mut().zip(vectors) {
            *sum = sum.plus_product(Lanes::load(x), Lanes::load(y));
        }
    }
    let rest: f32 = x_rest.iter().zip(y_rest).map(|(x, y)| x * y).sum();
    sums[0].plus(sums[1]).plus(sums[2].plus(sums[3])).sum() + rest
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
