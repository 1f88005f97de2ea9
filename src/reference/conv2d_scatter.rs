use crate::shape::Nchw;

/// The gradients of the pixels that a 1×1 convolution with a stride saw, `from`, in their places in its input, `to`; zeros elsewhere,
/// and `residual`, if given, added.
pub fn conv2d_scatter<T: Copy + Into<f64>>(
    grad: &[T],
    from: Nchw,
    to: Nchw,
    stride: usize,
    residual: Option<&[T]>,
) -> Vec<f64> {
    let mut sums = match residual {
        Some(values) => values.iter().map(|&value| value.into()).collect(),
        None => vec![0.0; to.len()],
    };
    for (at, &value) in grad.iter().enumerate() {
        let (plane, oh, ow) = (at / (from.h * from.w), at / from.w % from.h, at % from.w);
        sums[(plane * to.h + oh * stride) * to.w + ow * stride] += value.into();
    }
    sums
}
