//! A head that was taught, in the place of a network's own.

use std::borrow::Cow;

use crate::model::ResNextConfig;
use crate::teach::Head;
use crate::weights::{Metadata, NamedTensors, TensorSource, WeightError};

/// A head, the network with it, and what is known of that.
pub(super) struct TaughtHead {
    pub config: ResNextConfig,
    pub metadata: Metadata,
    /// `fc.weight` and `fc.bias`.
    tensors: NamedTensors,
}

impl TaughtHead {
    /// The head of a network that was `config` and `metadata` before.
    pub(super) fn new(config: &ResNextConfig, metadata: Metadata, classes: Vec<String>, head: &Head) -> Self {
        let num_classes = classes.len();
        let (weight_shape, bias_shape) = ([num_classes, head.weight.len() / num_classes.max(1)], [num_classes]);
        let weight = ("fc.weight", &weight_shape[..], &head.weight[..]);
        let bias = ("fc.bias", &bias_shape[..], &head.bias[..]);
        Self {
            config: ResNextConfig { num_classes, head_bias: true, ..config.clone() },
            // The accuracy, the data set and the date were those of the old head.
            metadata: Metadata { classes: Some(classes), dataset: None, test_accuracy: None, date: None, ..metadata },
            tensors: [weight, bias].into_iter().collect(),
        }
    }

    /// The tensors of the network under the head, with the head's own.
    pub(super) fn over<'a>(&'a self, base: Box<dyn TensorSource + 'a>) -> Box<dyn TensorSource + 'a> {
        Box::new(Over { base, head: &self.tensors })
    }
}

struct Over<'a> {
    base: Box<dyn TensorSource + 'a>,
    head: &'a NamedTensors,
}

impl TensorSource for Over<'_> {
    fn tensor(&self, name: &str, shape: &[usize]) -> Result<Cow<'_, [f32]>, WeightError> {
        if self.head.tensors.contains_key(name) { self.head.tensor(name, shape) } else { self.base.tensor(name, shape) }
    }

    fn bn_eps(&self) -> f64 {
        self.base.bn_eps()
    }
}
