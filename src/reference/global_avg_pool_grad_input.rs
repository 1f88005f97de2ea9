use crate::shape::Nchw;

/// The gradient of the average's input, of `shape`: every pixel has an equal share of its plane's. `grad` is `[n, c]`.
pub fn global_avg_pool_grad_input<T: Copy + Into<f64>>(grad: &[T], shape: Nchw) -> Vec<f64> {
    let plane = shape.h * shape.w;
    grad.iter().flat_map(|&grad| std::iter::repeat_n(grad.into() / plane as f64, plane)).collect()
}
