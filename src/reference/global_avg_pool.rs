use crate::shape::Nchw;

/// The mean of every channel of every picture.
pub fn global_avg_pool(input: &[f32], shape: Nchw) -> Vec<f64> {
    let plane = shape.h * shape.w;
    let mean = |values: &[f32]| values.iter().map(|&value| f64::from(value)).sum::<f64>() / plane as f64;
    input.chunks_exact(plane).map(mean).collect()
}
