use super::{Conv, conv2d_pointwise};

/// 1×1 convolution, whoever loads the weights.
pub fn conv2d_subgroup(conv: &Conv<'_>) -> Vec<f64> {
    conv2d_pointwise(conv)
}
