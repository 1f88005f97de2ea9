use super::conv2d_grad_weight::{ConvGrad, each_product};

/// The gradient of a convolution's input, `[n, in_channels, h, w]`: each weight times the gradient of the output, added to the
/// input it was multiplied with; and `residual`, if given, added.
pub fn conv2d_grad_input<T: Copy + Into<f64>>(
    conv: &ConvGrad<'_, T>,
    weight: &[T],
    residual: Option<&[T]>,
) -> Vec<f64> {
    let mut sums = match residual {
        Some(values) => values.iter().map(|&value| value.into()).collect(),
        None => vec![0.0; conv.input_shape.len()],
    };
    each_product(conv, |tap, input, output| sums[input] += weight[tap].into() * conv.grad[output].into());
    sums
}
