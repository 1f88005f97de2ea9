use crate::shape::Nchw;

/// The mean per channel and picture, `[n, c]` (`torch.nn.AdaptiveAvgPool2d(1)`).
pub fn global_avg_pool<T: Copy + Into<f64>>(input: &[T], shape: Nchw) -> Vec<f64> {
    let plane = shape.h * shape.w;
    let mean = |values: &[T]| values.iter().map(|&value| value.into()).sum::<f64>() / plane as f64;
    input.chunks_exact(plane).map(mean).collect()
}
