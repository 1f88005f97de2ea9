//! The reference implementation of every kernel: plain loops that are easy to check, with sums in f64.
//!
//! There is one file per shader, of the same name. Nothing here is fast, and only sizes are shared with the kernels. Every slice
//! must have the length of its shape; otherwise a function panics or returns the wrong number of values. The twins that a training
//! step needs take f32 or f64, so that a whole step can be done in f64.

mod batch_norm_grad_input;
mod batch_norm_grad_weight;
mod batch_norm_relu;
mod batch_norm_running;
mod batch_norm_statistics;
mod batch_norm_train;
mod class_activation;
mod concat_channels;
mod conv2d_direct;
mod conv2d_grad_bias;
mod conv2d_grad_input;
mod conv2d_grad_weight;
mod conv2d_grouped;
mod conv2d_implicit;
mod conv2d_pack;
mod conv2d_pointwise;
mod conv2d_scatter;
mod conv2d_subgroup;
mod cross_entropy;
mod cross_entropy_grad_input;
mod global_avg_pool;
mod global_avg_pool_grad_input;
mod linear;
mod linear_grad_input;
mod linear_grad_weight;
mod max_pool;
mod max_pool_grad_input;
mod residual_add;
mod residual_add_grad_input;
mod sgd;
mod sgd_velocity;
mod softmax;

pub use batch_norm_grad_input::batch_norm_grad_input;
pub use batch_norm_grad_weight::batch_norm_grad_weight;
pub use batch_norm_relu::batch_norm_relu;
pub use batch_norm_running::batch_norm_running;
pub use batch_norm_statistics::batch_norm_statistics;
pub use batch_norm_train::batch_norm_train;
pub use class_activation::class_activation;
pub use concat_channels::concat_channels;
pub use conv2d_direct::conv2d_direct;
pub use conv2d_grad_bias::conv2d_grad_bias;
pub use conv2d_grad_input::conv2d_grad_input;
pub use conv2d_grad_weight::{ConvGrad, conv2d_grad_weight};
pub use conv2d_grouped::conv2d_grouped;
pub use conv2d_implicit::conv2d_implicit;
pub use conv2d_pack::conv2d_pack;
pub use conv2d_pointwise::conv2d_pointwise;
pub use conv2d_scatter::conv2d_scatter;
pub use conv2d_subgroup::conv2d_subgroup;
pub use cross_entropy::cross_entropy;
pub use cross_entropy_grad_input::cross_entropy_grad_input;
pub use global_avg_pool::global_avg_pool;
pub use global_avg_pool_grad_input::global_avg_pool_grad_input;
pub use linear::linear;
pub use linear_grad_input::linear_grad_input;
pub use linear_grad_weight::linear_grad_weight;
pub use max_pool::max_pool;
pub use max_pool_grad_input::max_pool_grad_input;
pub use residual_add::residual_add;
pub use residual_add_grad_input::residual_add_grad_input;
pub use sgd::{Sgd, sgd};
pub use sgd_velocity::sgd_velocity;
pub use softmax::softmax;

use crate::shape::{Conv2dSpec, Nchw};

/// A convolution and its epilogue, in PyTorch's layouts.
#[derive(Clone, Copy, Debug)]
pub struct Conv<'a, T = f32> {
    /// Kernel size, stride, padding, groups, channels.
    pub spec: Conv2dSpec,
    /// `[n, in_channels, h, w]`
    pub input: &'a [T],
    /// Shape of `input`.
    pub input_shape: Nchw,
    /// Shape of the output.
    pub output_shape: Nchw,
    /// `[out_channels, in_channels / groups, k, k]`
    pub weight: &'a [T],
    /// `[out_channels]`
    pub bias: &'a [T],
    /// Added before ReLU, if given; it has the output's shape.
    pub residual: Option<&'a [T]>,
    /// Whether ReLU follows.
    pub relu: bool,
}

impl<T: Copy + Into<f64>> Conv<'_, T> {
    /// Calls `sum(n, oc, oh, ow)` for every output element and applies bias, residual and ReLU.
    fn each_output(&self, sum: impl Fn(usize, usize, usize, usize) -> f64) -> Vec<f64> {
        let Nchw { n, c, h, w } = self.output_shape;
        let mut output = Vec::with_capacity(self.output_shape.len());
        for n in 0..n {
            for oc in 0..c {
                for oh in 0..h {
                    for ow in 0..w {
                        let residual = self.residual.map_or(0.0, |values| values[output.len()].into());
                        let value = sum(n, oc, oh, ow) + self.bias[oc].into() + residual;
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
        self.input[((n * c + ic) * h + ih as usize) * w + iw as usize].into()
    }
}
