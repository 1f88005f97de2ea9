use super::Conv;

/// 1×1 convolution: one dot product per pixel and output channel, over the input channels.
pub fn conv2d_pointwise(conv: &Conv<'_>) -> Vec<f64> {
    let s = conv.spec;
    conv.each_output(|n, oc, oh, ow| {
        let row = &conv.weight[oc * s.in_channels..(oc + 1) * s.in_channels];
        let pixel = |ic| conv.input_at(n, ic, (oh * s.stride) as isize, (ow * s.stride) as isize);
        row.iter().enumerate().map(|(ic, &weight)| f64::from(weight) * pixel(ic)).sum()
    })
}
