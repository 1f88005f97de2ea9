use super::batch_norm_grad_weight::masked;
use crate::shape::Nchw;

/// The gradient of the input: `weight / sqrt(variance + eps) * (grad - grad_bias / m - xhat * grad_weight / m)`, where `m = n * h *
/// w` and `xhat = (input - mean) / sqrt(variance + eps)`.
///
/// `statistics` and `parameters` are as in [`batch_norm_train`](super::batch_norm_train), `grad_parameters` is what
/// [`batch_norm_grad_weight`](super::batch_norm_grad_weight) gave, `grad` and `output` are as there.
pub fn batch_norm_grad_input<T: Copy + Into<f64>>(
    (input, shape): (&[T], Nchw),
    statistics: &[T],
    parameters: &[T],
    grad_parameters: &[T],
    grad: &[T],
    output: Option<&[T]>,
    eps: f64,
) -> Vec<f64> {
    let count = (shape.n * shape.h * shape.w) as f64;
    let one = |(at, (&x, grad)): (usize, (&T, f64))| {
        let c = at / (shape.h * shape.w) % shape.c;
        let (mean, variance): (f64, f64) = (statistics[c].into(), statistics[shape.c + c].into());
        let (grad_weight, grad_bias): (f64, f64) = (grad_parameters[c].into(), grad_parameters[shape.c + c].into());
        let xhat = (x.into() - mean) / (variance + eps).sqrt();
        parameters[c].into() / (variance + eps).sqrt() * (grad - grad_bias / count - xhat * grad_weight / count)
    };
    input.iter().zip(masked(grad, output)).enumerate().map(one).collect()
}
