use super::Conv;

/// Convolution as a matrix product: the windows of all pixels form a matrix with one row per input channel and kernel
/// position (im2col), and each output channel's weights are multiplied with the rows of its group.
pub fn conv2d_implicit(conv: &Conv<'_>) -> Vec<f64> {
    let s = conv.spec;
    let (area, shape) = (s.kernel_size * s.kernel_size, conv.output_shape);
    let pixels = shape.n * shape.h * shape.w;
    let mut windows = Vec::with_capacity(s.in_channels * area * pixels);
    for row in 0..s.in_channels * area {
        let (ic, kh, kw) = (row / area, row % area / s.kernel_size, row % s.kernel_size);
        for pixel in 0..pixels {
            let (n, oh, ow) = (pixel / (shape.h * shape.w), pixel / shape.w % shape.h, pixel % shape.w);
            let ih = (oh * s.stride + kh) as isize - s.padding as isize;
            let iw = (ow * s.stride + kw) as isize - s.padding as isize;
            windows.push(conv.input_at(n, ic, ih, iw));
        }
    }
    let taps = s.in_channels_per_group() * area;
    conv.each_output(|n, oc, oh, ow| {
        let first_row = oc / s.out_channels_per_group() * taps;
        let pixel = (n * shape.h + oh) * shape.w + ow;
        let weights = conv.weight[oc * taps..(oc + 1) * taps].iter();
        weights.enumerate().map(|(k, &weight)| f64::from(weight) * windows[(first_row + k) * pixels + pixel]).sum()
    })
}
