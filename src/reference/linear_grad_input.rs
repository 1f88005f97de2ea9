/// The gradient of a linear layer's input, `[n, in_features]`: per picture the rows of `weight`, each times the gradient of its
/// output, summed. `grad` is `[n, out_features]`, `weight` `[out_features, in_features]`.
pub fn linear_grad_input<T: Copy + Into<f64>>(grad: &[T], weight: &[T], in_features: usize) -> Vec<f64> {
    let out_features = weight.len() / in_features;
    let mut output = Vec::new();
    for grad in grad.chunks_exact(out_features) {
        let sum =
            |i: usize| (0..out_features).map(|o| grad[o].into() * weight[o * in_features + i].into()).sum::<f64>();
        output.extend((0..in_features).map(sum));
    }
    output
}
