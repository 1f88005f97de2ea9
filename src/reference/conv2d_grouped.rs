use super::Conv;

/// 3×3 convolution with padding 1: output channel `oc` reads the input channels of its own group alone.
pub fn conv2d_grouped(conv: &Conv<'_>) -> Vec<f64> {
    let s = conv.spec;
    conv.each_output(|n, oc, oh, ow| {
        let group = oc / s.out_channels_per_group();
        let channels = group * s.in_channels_per_group()..(group + 1) * s.in_channels_per_group();
        let taps = conv.weight.chunks_exact(9).skip(oc * s.in_channels_per_group());
        let mut sum = 0.0;
        for (ic, taps) in channels.zip(taps) {
            for (tap, &weight) in taps.iter().enumerate() {
                let ih = (oh * s.stride + tap / 3) as isize - 1;
                let iw = (ow * s.stride + tap % 3) as isize - 1;
                sum += f64::from(weight) * conv.input_at(n, ic, ih, iw);
            }
        }
        sum
    })
}
