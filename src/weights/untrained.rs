//! Weights for networks without trained ones: good for measuring latency, not for classifying.

use std::borrow::Cow;

use super::normal::Stream;
use super::{TensorSource, WeightError};

/// Kaiming-normal weights from a seed: `torch.nn.init.kaiming_normal_(mode="fan_out", nonlinearity="relu")` for
/// convolutions, as in torchvision's `ResNet`.
///
/// - convolutions: normal, standard deviation `sqrt(2 / (kernel² * out_channels))`; biases 0
/// - batch norm: weight 1, bias 0, running mean 0, running variance 1
/// - linear: normal, standard deviation `sqrt(1 / in_features)`; bias 0
///
/// A value depends on the seed, the tensor's name and its index alone, and is the same on every platform: number `i` is
/// one draw of SplitMix64 in counter mode, keyed by FNV-1a of `"{seed}/{name}"`, through the normal quantile.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Untrained {
    /// Chooses the draws: equal seeds give equal weights.
    pub seed: u64,
}

impl TensorSource for Untrained {
    fn tensor(&self, name: &str, shape: &[usize]) -> Result<Cow<'_, [f32]>, WeightError> {
        let mut values = Vec::new();
        let len = shape.iter().try_fold(1_usize, |len, &dim| len.checked_mul(dim));
        let Some(len) = len.filter(|&len| values.try_reserve_exact(len).is_ok()) else {
            return Err(WeightError::TooLarge { tensor: name.to_owned(), shape: shape.to_vec() });
        };
        let part = name.rsplit('.').next().unwrap_or(name);
        match (part, shape) {
            ("weight", &[out_channels, _, height, width]) => {
                let std = (2.0 / (height as f64 * width as f64 * out_channels as f64)).sqrt();
                values.extend(self.normals(name, len, std));
            }
            ("weight", &[_, in_features]) => values.extend(self.normals(name, len, (1.0 / in_features as f64).sqrt())),
            ("weight" | "running_var", [_]) => values.resize(len, 1.0),
            ("bias" | "running_mean", [_]) => values.resize(len, 0.0),
            _ => return Err(WeightError::NoRule { tensor: name.to_owned(), shape: shape.to_vec() }),
        }
        Ok(Cow::Owned(values))
    }
}

impl Untrained {
    fn normals(self, name: &str, len: usize, std: f64) -> impl Iterator<Item = f32> {
        let stream = Stream::new(self.seed, name);
        (0..len as u64).map(move |i| (stream.normal(i) * std) as f32)
    }
}
