use crate::shape::Nchw;

/// `input * scale[c] + shift[c]` for an input of `shape`, one scale and shift per channel, then ReLU if `relu`
/// (`torch.nn.BatchNorm2d` in evaluation mode).
pub fn batch_norm_relu(input: &[f32], shape: Nchw, scale: &[f32], shift: &[f32], relu: bool) -> Vec<f64> {
    let plane = shape.h * shape.w;
    let normalise = |(at, &x): (usize, &f32)| {
        let c = at / plane % shape.c;
        let value = f64::from(x) * f64::from(scale[c]) + f64::from(shift[c]);
        if relu { value.max(0.0) } else { value }
    };
    input.iter().enumerate().map(normalise).collect()
}
