//! Fully connected layer.

use super::table::linear::{Params, SHADER};
use super::{Dispatch, KernelError, WeightDtype};

pub fn dispatch(
    n: usize,
    in_features: usize,
    out_features: usize,
    weight_dtype: WeightDtype,
) -> Result<Dispatch, KernelError> {
    let params =
        Params { n: SHADER.u32(n)?, in_features: SHADER.u32(in_features)?, out_features: SHADER.u32(out_features)? };
    SHADER.dispatch(&[weight_dtype.constant()], params, SHADER.linear_grid(n * out_features))
}

/// `[out_features, in_features]` to `[in_features, out_features]`.
pub fn pack_weight(in_features: usize, out_features: usize, weight: &[f32]) -> Vec<f32> {
    let mut packed = vec![0.0; in_features * out_features];
    for (o, row) in weight.chunks_exact(in_features).enumerate() {
        for (i, &value) in row.iter().enumerate() {
            packed[i * out_features + o] = value;
        }
    }
    packed
}
