use crate::shape::Nchw;

/// The mean per channel and picture, `[n, c]` (`torch.nn.AdaptiveAvgPool2d(1)`).
pub fn global_avg_pool(input: &[f32], shape: Nchw) -> Vec<f64> {
    let plane = shape.h * shape.w;
    let mean = |values: &[f32]| values.iter().map(|&value| f64::from(value)).sum::<f64>() / plane as f64;
    input.chunks_exact(plane).map(mean).collect()
}
