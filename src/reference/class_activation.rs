use crate::shape::Nchw;

/// One map per picture of `input` and row of `weight`, `[n, classes, h, w]`: the picture's channels, each times its weight,
/// summed. `weight` is `[classes, c]`.
pub fn class_activation(input: &[f32], shape: Nchw, weight: &[f32]) -> Vec<f64> {
    let Nchw { n, c, h, w } = shape;
    let plane = h * w;
    let mut output = Vec::with_capacity(n * weight.len() / c * plane);
    for picture in input.chunks_exact(c * plane) {
        for row in weight.chunks_exact(c) {
            for pixel in 0..plane {
                let product = |channel: usize| f64::from(row[channel]) * f64::from(picture[channel * plane + pixel]);
                output.push((0..c).map(product).sum());
            }
        }
    }
    output
}
