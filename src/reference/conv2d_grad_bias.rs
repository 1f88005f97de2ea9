use super::batch_norm_statistics::channel;
use crate::shape::Nchw;

/// The gradient of a bias: per channel the sum of the output's gradient, which has this shape. Of a linear layer too, where `h` and
/// `w` are 1.
pub fn conv2d_grad_bias<T: Copy + Into<f64>>(grad: &[T], shape: Nchw) -> Vec<f64> {
    (0..shape.c).map(|c| channel(grad, shape, c).sum()).collect()
}
