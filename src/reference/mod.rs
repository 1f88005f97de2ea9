//! The reference implementation of every kernel: plain loops that are easy to check, with sums in f64.
//!
//! There is one file per shader, of the same name. Nothing here is fast, and only sizes are shared with the kernels. Every slice
//! must have the length of its shape; otherwise a function panics or returns the wrong number of values.

mod batch_norm_relu;
mod class_activation;
mod concat_channels;
mod conv2d_direct;
mod conv2d_grouped;
mod conv2d_implicit;
mod conv2d_pointwise;
mod global_avg_pool;
mod linear;
mod max_pool;
mod residual_add;
mod softmax;

pub use batch_norm_relu::batch_norm_relu;
pub use class_activation::class_activation;
pub use concat_channels::concat_channels;
pub use conv2d_direct::conv2d_direct;
pub use conv2d_grouped::conv2d_grouped;
pub use conv2d_implicit::conv2d_implicit;
pub use conv2d_pointwise::conv2d_pointwise;
pub use global_avg_pool::global_avg_pool;
pub use linear::linear;
pub use max_pool::max_pool;
pub use residual_add::residual_add;
pub use softmax::softmax;

use crate::shape::{Conv2dSpec, Nchw};

/// A convolution and its epilogue, in PyTorch's layouts.
#[derive(Clone, Copy, Debug)]
pub struct Conv<'a> {
    /// Kernel size, stride, padding, groups, channels.
    pub spec: Conv2dSpec,
    /// `[n, in_channels, h, w]`
    pub input: &'a [f32],
    /// Shape of `input`.
    pub input_shape: Nchw,
    /// Shape of the output.
    pub output_shape: Nchw,
    /// `[out_channels, in_channels / groups, k, k]`
    pub weight: &'a [f32],
    /// `[out_channels]`
    pub bias: &'a [f32],
    /// Added before ReLU, if given; it has the output's shape.
    pub residual: Option<&'a [f32]>,
    /// Whether ReLU follows.
    pub relu: bool,
}

impl Conv<'_> {
    /// Calls `sum(n, oc, oh, ow)` for every output element and applies bias, residual and ReLU.
    fn each_output(&self, sum: impl Fn(usize, usize, usize, usize) -> f64) -> Vec<f64> {
        let Nchw { n, c, h, w } = self.output_shape;
        let mut output = Vec::with_capacity(self.output_shape.len());
        for n in 0..n {
            for oc in 0..c {
                for oh in 0..h {
                    for ow in 0..w {
                        let residual = self.residual.map_or(0.0, |values| f64::from(values[output.len()]));
                        let value = sum(n, oc, oh, ow) + f64::from(self.bias[oc]) + residual;
                        output.push(if self.relu { value.max(0.0) } else { value });
                    }
                }
            }
        }
        output
    }

    /// The input at a position that may lie in the padding.
    fn input_at(&self, n: usize, ic: usize, ih: isize, iw: isize) -> f64 {
        let Nchw { c, h, w, .. } = self.input_shape;
        if ih < 0 || iw < 0 || ih >= h as isize || iw >= w as isize {
            return 0.0;
        }
        f64::from(self.input[((n * c + ic) * h + ih as usize) * w + iw as usize])
    }
}
