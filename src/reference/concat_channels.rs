use crate::shape::Nchw;

/// The inputs `(values, shape)` concatenated along the channels, as `torch.cat(dim=1)`.
pub fn concat_channels(inputs: &[(&[f32], Nchw)]) -> Vec<f64> {
    let n = inputs.first().map_or(0, |(_, shape)| shape.n);
    let mut output = Vec::new();
    for n in 0..n {
        for (values, shape) in inputs {
            let per_image = shape.c * shape.h * shape.w;
            output.extend(values[n * per_image..(n + 1) * per_image].iter().map(|&value| f64::from(value)));
        }
    }
    output
}
