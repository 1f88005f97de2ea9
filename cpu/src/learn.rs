//! The smaller operations of a training step: loss, pools, ReLU, and the optimiser.

use crate::Pool;

/// `grad` where `output` is above 0, else 0: the backward pass of a ReLU.
pub fn positive(output: &[f32], grad: &[f32], masked: &mut [f32]) {
    for ((masked, &output), &grad) in masked.iter_mut().zip(output).zip(grad) {
        *masked = if output > 0.0 { grad } else { 0.0 };
    }
}

/// The backward pass of [`means`](crate::means): `[n, c]` to `[n, c, plane]`.
///
/// # Panics
/// If `plane` is 0.
pub fn means_grad(plane: usize, grad: &[f32], output: &mut [f32]) {
    for (&grad, output) in grad.iter().zip(output.chunks_exact_mut(plane)) {
        output.fill(grad / plane as f32);
    }
}

/// The backward pass of [`max_pool`](crate::max_pool): each gradient goes to the largest input of its window, the first in row
/// order where several are equal.
///
/// # Panics
/// If a plane has no elements.
pub fn max_pool_grad(sizes: Pool, input: &[f32], grad: &[f32], output: &mut [f32]) {
    let Pool { in_h, in_w, out_h, out_w, kernel_size, stride, padding } = sizes;
    let window = |at: usize, size: usize| {
        let start = at * stride;
        start.saturating_sub(padding)..(start + kernel_size).saturating_sub(padding).min(size)
    };
    output.fill(0.0);
    let planes = input.chunks_exact(in_h * in_w).zip(grad.chunks_exact(out_h * out_w));
    for ((input, grad), output) in planes.zip(output.chunks_exact_mut(in_h * in_w)) {
        for (at, &grad) in grad.iter().enumerate() {
            let (mut largest, mut place) = (f32::NEG_INFINITY, None);
            for ih in window(at / out_w, in_h) {
                for iw in window(at % out_w, in_w) {
                    let value = input[ih * in_w + iw];
                    if value > largest || place.is_none() {
                        (largest, place) = (value, Some(ih * in_w + iw));
                    }
                }
            }
            if let Some(place) = place {
                output[place] += grad;
            }
        }
    }
}

/// Calls `f(picture, k, log p_k, q_k)` for every logit of `[n, classes]`: the logarithm of its probability, and what the
/// probability should be.
fn each_class(
    classes: usize,
    logits: &[f32],
    labels: &[u32],
    smoothing: f32,
    mut f: impl FnMut(usize, usize, f64, f64),
) {
    let smoothing = f64::from(smoothing);
    for (n, (row, &label)) in logits.chunks_exact(classes).zip(labels).enumerate() {
        let peak = f64::from(row.iter().copied().fold(f32::NEG_INFINITY, f32::max));
        let sum: f64 = row.iter().map(|&logit| (f64::from(logit) - peak).exp()).sum();
        for (k, &logit) in row.iter().enumerate() {
            let onehot = if k == label as usize { 1.0 - smoothing } else { 0.0 };
            f(n, k, f64::from(logit) - peak - sum.ln(), onehot + smoothing / classes as f64);
        }
    }
}

/// The cross-entropy of each picture, `[n]`, with the labels smoothed.
///
/// # Panics
/// If `classes` is 0.
pub fn cross_entropy(classes: usize, logits: &[f32], labels: &[u32], smoothing: f32, output: &mut [f32]) {
    let mut losses = vec![0.0; labels.len()];
    each_class(classes, logits, labels, smoothing, |n, _, log, target| losses[n] -= target * log);
    for (output, loss) in output.iter_mut().zip(losses) {
        *output = loss as f32;
    }
}

/// The gradient of the mean of [`cross_entropy`], `[n, classes]`.
///
/// # Panics
/// If `classes` is 0.
pub fn cross_entropy_grad(classes: usize, logits: &[f32], labels: &[u32], smoothing: f32, output: &mut [f32]) {
    let pictures = labels.len() as f64;
    each_class(classes, logits, labels, smoothing, |n, k, log, target| {
        output[n * classes + k] = ((log.exp() - target) / pictures) as f32;
    });
}

/// The settings of an optimiser's step for one parameter.
#[derive(Clone, Copy, Debug)]
pub struct Sgd {
    /// Learning rate.
    pub lr: f32,
    /// How much of the velocity stays.
    pub momentum: f32,
    /// Whether the step looks ahead along the velocity.
    pub nesterov: bool,
    /// Times the parameter, added to its gradient.
    pub weight_decay: f32,
}

/// The first half of a step of `torch.optim.SGD`: the velocity, which begins at 0, follows the gradient.
pub fn sgd_velocity(settings: Sgd, grad: &[f32], parameter: &[f32], velocity: &mut [f32]) {
    for ((velocity, &parameter), &grad) in velocity.iter_mut().zip(parameter).zip(grad) {
        *velocity = settings.momentum * *velocity + (grad + settings.weight_decay * parameter);
    }
}

/// The second half: the parameter follows the velocity.
pub fn sgd(settings: Sgd, grad: &[f32], velocity: &[f32], parameter: &mut [f32]) {
    let Sgd { lr, momentum, nesterov, weight_decay } = settings;
    for ((parameter, &velocity), &grad) in parameter.iter_mut().zip(velocity).zip(grad) {
        let ahead = grad + weight_decay * *parameter + momentum * velocity;
        *parameter -= lr * if nesterov { ahead } else { velocity };
    }
}
