/// The gradient of a linear layer's weight, `[out_features, in_features]`: per weight the sum over pictures of input times gradient.
/// `grad` is `[n, out_features]`, `input` `[n, in_features]`.
pub fn linear_grad_weight<T: Copy + Into<f64>>(grad: &[T], input: &[T], in_features: usize) -> Vec<f64> {
    let out_features = grad.len() * in_features / input.len();
    let mut output = Vec::new();
    for o in 0..out_features {
        for i in 0..in_features {
            let pictures = grad.chunks_exact(out_features).zip(input.chunks_exact(in_features));
            output.push(pictures.map(|(grad, input)| grad[o].into() * input[i].into()).sum());
        }
    }
    output
}
