//! Batch norm with running statistics is one multiply-add per channel, which folds into the convolution before it.

/// Scale and shift of a batch norm at inference, one entry per channel: `y = x * scale + shift`.
///
/// `scale = weight / sqrt(running_var + eps)` and `shift = bias - running_mean * scale`, computed in f64 and rounded
/// once (`torch.nn.BatchNorm2d` in evaluation mode).
///
/// # Panics
///
/// If the four lengths differ.
pub fn batch_norm_affine(
    weight: &[f32],
    bias: &[f32],
    running_mean: &[f32],
    running_var: &[f32],
    eps: f64,
) -> (Vec<f32>, Vec<f32>) {
    let channels = weight.len();
    assert!(
        [bias.len(), running_mean.len(), running_var.len()] == [channels; 3],
        "the four tensors of a batch norm have one length"
    );
    (0..channels)
        .map(|channel| {
            let scale = f64::from(weight[channel]) / (f64::from(running_var[channel]) + eps).sqrt();
            let shift = f64::from(bias[channel]) - f64::from(running_mean[channel]) * scale;
            (scale as f32, shift as f32)
        })
        .unzip()
}

/// Turns a convolution followed by `x * scale + shift` into one convolution: `weight * scale`, `bias * scale + shift`.
///
/// `weight` is OIHW `[out_channels, in_channels / groups, kernel, kernel]`; the others have one entry per output
/// channel. For a convolution without a bias, `bias` holds zeros. Each result is rounded once.
///
/// # Panics
///
/// If the lengths do not match.
pub fn fold_batch_norm(weight: &mut [f32], bias: &mut [f32], scale: &[f32], shift: &[f32]) {
    let out_channels = bias.len();
    assert!(
        [scale.len(), shift.len()] == [out_channels; 2] && weight.len().is_multiple_of(out_channels),
        "one scale, shift and bias per output channel"
    );
    if weight.is_empty() {
        return;
    }
    let per_channel = weight.len() / out_channels;
    for (channel, weights) in weight.chunks_exact_mut(per_channel).enumerate() {
        let (scale, shift) = (scale[channel], shift[channel]);
        // f64 has room for every product of two f32, so that f32 rounds it to the same value.
        for weight in weights {
            *weight *= scale;
        }
        bias[channel] = (f64::from(bias[channel]) * f64::from(scale) + f64::from(shift)) as f32;
    }
}
