use super::batch_norm_statistics::channel;
use super::residual_add_grad_input;
use crate::shape::Nchw;

/// The gradients of weight and bias, `[2, c]`: per channel the sum of `grad * xhat`, and of `grad`, where `xhat = (input - mean) /
/// sqrt(variance + eps)`.
///
/// `grad` is the gradient of the output. Where ReLU follows, `output` is what it gave, and gradients count where that is above 0.
pub fn batch_norm_grad_weight<T: Copy + Into<f64>>(
    input: &[T],
    shape: Nchw,
    statistics: &[T],
    grad: &[T],
    output: Option<&[T]>,
    eps: f64,
) -> Vec<f64> {
    let grad = masked(grad, output);
    let weight = (0..shape.c).map(|c| {
        let (mean, variance): (f64, f64) = (statistics[c].into(), statistics[shape.c + c].into());
        let xhat = channel(input, shape, c).map(|x| (x - mean) / (variance + eps).sqrt());
        xhat.zip(channel(&grad, shape, c)).map(|(xhat, grad)| xhat * grad).sum::<f64>()
    });
    let bias = (0..shape.c).map(|c| channel(&grad, shape, c).sum());
    weight.chain(bias).collect()
}

/// The gradient in front of the ReLU, if one follows.
pub(super) fn masked<T: Copy + Into<f64>>(grad: &[T], output: Option<&[T]>) -> Vec<f64> {
    match output {
        Some(output) => residual_add_grad_input(output, grad),
        None => grad.iter().map(|&grad| grad.into()).collect(),
    }
}
