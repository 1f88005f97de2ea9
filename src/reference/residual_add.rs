/// The elementwise sum of two tensors of the same shape, then ReLU if `relu`.
pub fn residual_add<T: Copy + Into<f64>>(input: &[T], residual: &[T], relu: bool) -> Vec<f64> {
    let add = |(&a, &b): (&T, &T)| {
        let value = a.into() + b.into();
        if relu { value.max(0.0) } else { value }
    };
    input.iter().zip(residual).map(add).collect()
}
