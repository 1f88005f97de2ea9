use crate::shape::Conv2dSpec;

/// OIHW weights of a convolution turned into those of the convolution that gives the gradient of its input (at stride 1): input and
/// output channels swapped within each group, the kernel turned by half a turn. `spec` is the convolution's own.
pub fn conv2d_pack<T: Copy + Into<f64>>(spec: Conv2dSpec, weight: &[T]) -> Vec<f64> {
    let (outputs, inputs, area) =
        (spec.out_channels_per_group(), spec.in_channels_per_group(), spec.kernel_size * spec.kernel_size);
    let mut turned = Vec::with_capacity(weight.len());
    for ic in 0..spec.in_channels {
        for oc in 0..outputs {
            let from = ((ic / inputs * outputs + oc) * inputs + ic % inputs) * area;
            turned.extend((0..area).map(|tap| -> f64 { weight[from + area - 1 - tap].into() }));
        }
    }
    turned
}
