//! A head that was taught, in the place of a network's own.

use std::borrow::Cow;

use crate::model::ResNextConfig;
use crate::teach::Head;
use crate::weights::{Metadata, NamedTensor, TensorSource, WeightError};

/// A head, the network with it, and what is known of that.
pub(super) struct TaughtHead {
    pub config: ResNextConfig,
    pub metadata: Metadata,
    weight: NamedTensor,
    bias: NamedTensor,
}

impl TaughtHead {
    /// The head of a network that was `config` and `metadata` before.
    pub(super) fn new(config: &ResNextConfig, metadata: Metadata, classes: Vec<String>, head: &Head) -> Self {
        let num_classes = classes.len();
        let features = head.weight.len() / num_classes.max(1);
        Self {
            config: ResNextConfig { num_classes, head_bias: true, ..config.clone() },
            // The accuracy, the data set and the date were those of the old head.
            metadata: Metadata { classes: Some(classes), dataset: None, test_accuracy: None, date: None, ..metadata },
            weight: NamedTensor { shape: vec![num_classes, features], values: head.weight.clone() },
            bias: NamedTensor { shape: vec![num_classes], values: head.bias.clone() },
        }
    }

    /// The tensors of the network under the head, with the head's own.
    pub(super) fn over<'a>(&'a self, base: Box<dyn TensorSource + 'a>) -> Box<dyn TensorSource + 'a> {
        Box::new(Over { base, head: self })
    }
}

struct Over<'a> {
    base: Box<dyn TensorSource + 'a>,
    head: &'a TaughtHead,
}

impl TensorSource for Over<'_> {
    fn tensor(&self, name: &str, shape: &[usize]) -> Result<Cow<'_, [f32]>, WeightError> {
        match name {
            "fc.weight" => self.head.weight.values_of(name, shape),
            "fc.bias" => self.head.bias.values_of(name, shape),
            _ => self.base.tensor(name, shape),
        }
    }

    fn bn_eps(&self) -> f64 {
        self.base.bn_eps()
    }
}
