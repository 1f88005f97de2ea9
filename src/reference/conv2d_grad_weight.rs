use crate::shape::{Conv2dSpec, Nchw};

/// The backward pass of a convolution: its sizes, and the gradient of its output.
#[derive(Clone, Copy, Debug)]
pub struct ConvGrad<'a, T = f32> {
    /// Kernel size, stride, padding, groups, channels.
    pub spec: Conv2dSpec,
    /// Shape of the convolution's input.
    pub input_shape: Nchw,
    /// Shape of its output.
    pub output_shape: Nchw,
    /// The gradient of the output, of that shape.
    pub grad: &'a [T],
}

/// The gradient of a convolution's weight, OIHW: per weight the sum of the inputs it was multiplied with, each times the gradient
/// of the output.
pub fn conv2d_grad_weight<T: Copy + Into<f64>>(conv: &ConvGrad<'_, T>, input: &[T]) -> Vec<f64> {
    let mut sums = vec![0.0; conv.spec.weight_len()];
    each_product(conv, |tap, from, output| sums[tap] += input[from].into() * conv.grad[output].into());
    sums
}

/// Calls `f(weight, input, output)` with the places of every product of the convolution and of the output it is added to.
pub(super) fn each_product<T>(conv: &ConvGrad<'_, T>, mut f: impl FnMut(usize, usize, usize)) {
    let (s, input, output) = (conv.spec, conv.input_shape, conv.output_shape);
    let area = s.kernel_size * s.kernel_size;
    for to in 0..output.len() {
        let (ow, oh) = (to % output.w, to / output.w % output.h);
        let (oc, n) = (to / (output.h * output.w) % output.c, to / (output.c * output.h * output.w));
        for tap in 0..s.in_channels_per_group() * area {
            let ic = oc / s.out_channels_per_group() * s.in_channels_per_group() + tap / area;
            let ih = (oh * s.stride + tap % area / s.kernel_size).wrapping_sub(s.padding);
            let iw = (ow * s.stride + tap % s.kernel_size).wrapping_sub(s.padding);
            if ih < input.h && iw < input.w {
                f(oc * s.in_channels_per_group() * area + tap, ((n * input.c + ic) * input.h + ih) * input.w + iw, to);
            }
        }
    }
}
