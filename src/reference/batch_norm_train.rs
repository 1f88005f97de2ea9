use crate::shape::Nchw;

/// `(input - mean) / sqrt(variance + eps) * weight + bias` per channel, then ReLU if `relu` (`torch.nn.BatchNorm2d` in training).
///
/// `statistics` is `[2, c]`, mean and variance of the batch; `parameters` is `[2, c]`, weight and bias.
pub fn batch_norm_train<T: Copy + Into<f64>>(
    input: &[T],
    shape: Nchw,
    statistics: &[T],
    parameters: &[T],
    eps: f64,
    relu: bool,
) -> Vec<f64> {
    let normalise = |(at, &x): (usize, &T)| {
        let c = at / (shape.h * shape.w) % shape.c;
        let (mean, variance): (f64, f64) = (statistics[c].into(), statistics[shape.c + c].into());
        let value = (x.into() - mean) / (variance + eps).sqrt() * parameters[c].into() + parameters[shape.c + c].into();
        if relu { value.max(0.0) } else { value }
    };
    input.iter().enumerate().map(normalise).collect()
}
