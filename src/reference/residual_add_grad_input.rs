/// The gradient of both terms of a sum that ReLU follows: `grad` where the output is above 0, else 0.
pub fn residual_add_grad_input<T: Copy + Into<f64>>(output: &[T], grad: &[T]) -> Vec<f64> {
    output.iter().zip(grad).map(|(&output, &grad)| if output.into() > 0.0 { grad.into() } else { 0.0 }).collect()
}
