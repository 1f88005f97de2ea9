//! The network that training begins with.

use std::borrow::Cow;

use crate::model::ResNextConfig;
use crate::weights::{Metadata, TensorSource, Untrained, WeightError};

/// A network and where its tensors come from.
pub struct Network {
    /// Its architecture.
    pub config: ResNextConfig,
    /// How its pictures are prepared.
    pub metadata: Metadata,
    /// Its tensors.
    pub source: Box<dyn TensorSource>,
}

impl Network {
    /// A network that has learned nothing yet.
    pub fn untrained(config: ResNextConfig, seed: u64) -> Self {
        let metadata = Metadata::usual(&config);
        Self { config, metadata, source: Box::new(UntrainedBlocks(Untrained { seed })) }
    }
}

/// Untrained weights whose blocks begin as their shortcuts: the last batch norm of each has a weight of zero.
pub struct UntrainedBlocks(pub Untrained);

impl TensorSource for UntrainedBlocks {
    fn tensor(&self, name: &str, shape: &[usize]) -> Result<Cow<'_, [f32]>, WeightError> {
        if name.ends_with(".bn3.weight") {
            return Ok(Cow::Owned(vec![0.0; shape.iter().product()]));
        }
        self.0.tensor(name, shape)
    }
}
