use super::Conv;

/// 1×1 and 3×3 convolution: one dot product over the input channels of a group per tap of the window.
pub fn conv2d_subgroup(conv: &Conv<'_>) -> Vec<f64> {
    let s = conv.spec;
    let (per_group, area, half) =
        (s.in_channels_per_group(), s.kernel_size * s.kernel_size, (s.kernel_size / 2) as isize);
    conv.each_output(|n, oc, oh, ow| {
        let first_channel = oc / s.out_channels_per_group() * per_group;
        let weights = &conv.weight[oc * per_group * area..(oc + 1) * per_group * area];
        let mut sum = 0.0;
        for tap in 0..area {
            let ih = (oh * s.stride + tap / s.kernel_size) as isize - half;
            let iw = (ow * s.stride + tap % s.kernel_size) as isize - half;
            for ic in 0..per_group {
                sum += f64::from(weights[ic * area + tap]) * conv.input_at(n, first_channel + ic, ih, iw);
            }
        }
        sum
    })
}
