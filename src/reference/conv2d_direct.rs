use super::Conv;

/// `torch.nn.functional.conv2d` of any kernel size, stride, padding and groups; the output is NCHW.
pub fn conv2d_direct<T: Copy + Into<f64>>(conv: &Conv<'_, T>) -> Vec<f64> {
    let s = conv.spec;
    let (ic_per_group, oc_per_group) = (s.in_channels_per_group(), s.out_channels_per_group());
    conv.each_output(|n, oc, oh, ow| {
        let mut sum = 0.0;
        for ic in 0..ic_per_group {
            for kh in 0..s.kernel_size {
                for kw in 0..s.kernel_size {
                    let ih = (oh * s.stride + kh) as isize - s.padding as isize;
                    let iw = (ow * s.stride + kw) as isize - s.padding as isize;
                    let weight: f64 =
                        conv.weight[((oc * ic_per_group + ic) * s.kernel_size + kh) * s.kernel_size + kw].into();
                    sum += weight * conv.input_at(n, oc / oc_per_group * ic_per_group + ic, ih, iw);
                }
            }
        }
        sum
    })
}
