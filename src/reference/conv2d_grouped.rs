use super::Conv;

/// Grouped convolution with an odd kernel and a padding of half of it: output channel `oc` reads only the input channels of its
/// group.
pub fn conv2d_grouped(conv: &Conv<'_>) -> Vec<f64> {
    let s = conv.spec;
    let (side, half) = (s.kernel_size, (s.kernel_size / 2) as isize);
    conv.each_output(|n, oc, oh, ow| {
        let group = oc / s.out_channels_per_group();
        let channels = group * s.in_channels_per_group()..(group + 1) * s.in_channels_per_group();
        let taps = conv.weight.chunks_exact(side * side).skip(oc * s.in_channels_per_group());
        let mut sum = 0.0;
        for (ic, taps) in channels.zip(taps) {
            for (tap, &weight) in taps.iter().enumerate() {
                let ih = (oh * s.stride + tap / side) as isize - half;
                let iw = (ow * s.stride + tap % side) as isize - half;
                sum += f64::from(weight) * conv.input_at(n, ic, ih, iw);
            }
        }
        sum
    })
}
