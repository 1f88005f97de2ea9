/// The elementwise sum of two tensors of the same shape, then ReLU if `relu`.
pub fn residual_add(input: &[f32], residual: &[f32], relu: bool) -> Vec<f64> {
    let add = |(&a, &b): (&f32, &f32)| {
        let value = f64::from(a) + f64::from(b);
        if relu { value.max(0.0) } else { value }
    };
    input.iter().zip(residual).map(add).collect()
}
