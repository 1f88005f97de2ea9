use super::{Conv, conv2d_grouped};

/// 1×1 and 3×3 convolution, whoever loads the weights.
pub fn conv2d_subgroup(conv: &Conv<'_>) -> Vec<f64> {
    conv2d_grouped(conv)
}
