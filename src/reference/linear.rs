/// `weight · input + bias` per row of the input (`torch.nn.functional.linear`); `input` is `[n, in_features]`, `weight`
/// `[out_features, in_features]`, the output `[n, out_features]`.
pub fn linear<T: Copy + Into<f64>>(input: &[T], weight: &[T], bias: &[T], in_features: usize) -> Vec<f64> {
    let mut output = Vec::new();
    for x in input.chunks_exact(in_features) {
        for (row, &b) in weight.chunks_exact(in_features).zip(bias) {
            let dot: f64 = row.iter().zip(x).map(|(&w, &x)| w.into() * x.into()).sum();
            output.push(dot + b.into());
        }
    }
    output
}
