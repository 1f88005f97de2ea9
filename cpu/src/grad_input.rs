//! The gradient of a convolution's input: itself a convolution, of the output's gradient, with the kernel turned and input and
//! output channels swapped within each group.

use crate::weights::Weights;
use crate::{Epilogue, Pointwise, Scratch, Window, pointwise, window};

/// `output[n, ic, ih, iw] = residual[…] + Σ weight[oc, ic, kh, kw] · grad[n, oc, oh, ow]` over the oc of ic's group and all kh, kw
/// with `ih = stride · oh + kh - padding`, and so for the columns. `weight` is OIHW.
///
/// # Panics
/// If a slice is shorter than `sizes` require, or if `padding` is not less than `kernel_size`.
pub fn grad_input(
    sizes: Window,
    weight: &[f32],
    grad: &[f32],
    residual: Option<&[f32]>,
    scratch: &mut Scratch,
    output: &mut [f32],
) {
    let Window { n, in_channels, out_channels, in_h, in_w, out_h, out_w, kernel_size, stride, padding, groups } = sizes;
    let weights = Weights::pack_for(scratch.instructions, groups, &turned(sizes, weight), &vec![0.0; in_channels]);
    let epilogue = Epilogue { residual, relu: false };
    let is_matrix = kernel_size == 1 && padding == 0 && groups == 1;
    if is_matrix && stride == 1 {
        let sizes = Pointwise { n, in_channels: out_channels, out_channels: in_channels, pixels: out_h * out_w };
        return pointwise(sizes, &weights, grad, epilogue, scratch, output);
    }
    if is_matrix {
        return scattered(sizes, &weights, grad, residual, scratch, output);
    }
    // With a stride, zeros between the gradients make one of 1 of it; behind them as many as the output is larger than the
    // windows reach.
    let [rows, columns] = [in_h, in_w].map(|size| size + 2 * padding + 1 - kernel_size);
    let whole = Window {
        in_channels: out_channels,
        out_channels: in_channels,
        in_h: rows,
        in_w: columns,
        out_h: in_h,
        out_w: in_w,
        stride: 1,
        padding: kernel_size - 1 - padding,
        ..sizes
    };
    if stride == 1 {
        return window(whole, &weights, grad, epilogue, scratch, output);
    }
    let (from, to) = (out_channels * out_h * out_w, in_channels * in_h * in_w);
    let mut spread = core::mem::take(&mut scratch.gradients);
    for (n, output) in output[..n * to].chunks_exact_mut(to).enumerate() {
        spread.clear();
        spread.resize(out_channels * rows * columns, 0.0);
        let planes = grad[n * from..(n + 1) * from].chunks_exact(out_h * out_w);
        for (grad, spread) in planes.zip(spread.chunks_exact_mut(rows * columns)) {
            for (grad, spread) in grad.chunks_exact(out_w).zip(spread.chunks_mut(columns * stride)) {
                for (&grad, spread) in grad.iter().zip(spread[..columns].iter_mut().step_by(stride)) {
                    *spread = grad;
                }
            }
        }
        let epilogue = Epilogue { residual: residual.map(|residual| &residual[n * to..(n + 1) * to]), relu: false };
        window(Window { n: 1, ..whole }, &weights, &spread, epilogue, scratch, output);
    }
    scratch.gradients = spread;
}

/// Of a 1×1 convolution with a stride: a matrix product whose pixels are then put into their places.
fn scattered(
    sizes: Window,
    weights: &Weights,
    grad: &[f32],
    residual: Option<&[f32]>,
    scratch: &mut Scratch,
    output: &mut [f32],
) {
    let Window { n, in_channels, out_channels, in_h, in_w, out_h, out_w, stride, .. } = sizes;
    let mut compact = core::mem::take(&mut scratch.gradients);
    compact.clear();
    compact.resize(n * in_channels * out_h * out_w, 0.0);
    let product = Pointwise { n, in_channels: out_channels, out_channels: in_channels, pixels: out_h * out_w };
    pointwise(product, weights, grad, Epilogue::default(), scratch, &mut compact);
    let output = &mut output[..n * in_channels * in_h * in_w];
    match residual {
        Some(residual) => output.copy_from_slice(&residual[..output.len()]),
        None => output.fill(0.0),
    }
    for (compact, output) in compact.chunks_exact(out_h * out_w).zip(output.chunks_exact_mut(in_h * in_w)) {
        for (compact, output) in compact.chunks_exact(out_w).zip(output.chunks_mut(in_w * stride)) {
            for (&compact, output) in compact.iter().zip(output[..in_w].iter_mut().step_by(stride)) {
                *output += compact;
            }
        }
    }
    scratch.gradients = compact;
}

/// The kernel turned by half a turn, `[in_channels, out_channels / groups, kernel_size, kernel_size]`.
fn turned(sizes: Window, weight: &[f32]) -> Vec<f32> {
    let area = sizes.kernel_size * sizes.kernel_size;
    let (per_in, per_out) = (sizes.in_channels / sizes.groups, sizes.out_channels / sizes.groups);
    let mut turned = vec![0.0; weight.len()];
    for (at, taps) in weight.chunks_exact(area).enumerate() {
        let (oc, ic) = (at / per_in, at / per_in / per_out * per_in + at % per_in);
        let to = (ic * per_out + oc % per_out) * area;
        for (to, &tap) in turned[to..to + area].iter_mut().zip(taps.iter().rev()) {
            *to = tap;
        }
    }
    turned
}
