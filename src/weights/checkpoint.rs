//! A weights file whose header describes a ResNeXt, and such a file in memory, checked whole before any of it is used.

use std::borrow::Cow;

use super::checkpoint_header::{CheckpointHeader, is_ignored};
use super::header::Header;
use super::metadata::Metadata;
use super::values::{check_values, decode};
use super::{Reading, TensorSource, WeightError};
use crate::model::ResNextConfig;

/// The weights of a ResNeXt in a safetensors file: every tensor is there and has its shape.
///
/// `Bytes` is where the file's bytes are. `Checkpoint<Vec<u8>>` has them in memory, and all its values are finite;
/// [`StoredCheckpoint`](super::StoredCheckpoint) reads them when they are needed.
pub struct Checkpoint<Bytes> {
    pub(super) bytes: Bytes,
    pub(super) header: CheckpointHeader,
}

impl<Bytes> Checkpoint<Bytes> {
    /// The network these weights are for.
    pub fn config(&self) -> &ResNextConfig {
        &self.header.config
    }

    /// What the file says of the network, completed with the usual values.
    pub fn metadata(&self) -> &Metadata {
        &self.header.metadata
    }

    /// How the file was read: what was taken of it, and what it does not say.
    pub fn reading(&self) -> &Reading {
        &self.header.reading
    }

    /// Replaces the strides, one per stage, where a file without `config` has unusual ones.
    ///
    /// # Errors
    /// [`WeightError::Strides`] where their number is not that of the stages, one is not from 1 to 8, or one contradicts
    /// its stage's shortcut.
    pub fn with_strides(self, strides: Vec<usize>) -> Result<Self, WeightError> {
        Ok(Self { header: self.header.with_strides(strides)?, ..self })
    }
}

impl Checkpoint<Vec<u8>> {
    /// Reads a safetensors file (f32, f16 or bf16) with the names of torchvision and timm, or
    /// under other names that are known (`names`).
    ///
    /// The architecture comes from the tensors' shapes, what shapes cannot tell from the file's `config` metadata or,
    /// where absent, from what is usual for its stem. `num_batches_tracked` is ignored.
    ///
    /// # Errors
    /// Every [`WeightError`] but those of a source: the file is damaged, of another format or network, or has values
    /// that are not finite.
    pub fn parse(bytes: Vec<u8>) -> Result<Self, WeightError> {
        let header = CheckpointHeader::new(Header::parse(&bytes, bytes.len() as u64)?, None)?;
        for (name, entry) in header.entries.iter().filter(|(name, _)| !is_ignored(name)) {
            check_values(name, &entry.dtype, &bytes[entry.span.clone()])?;
        }
        Ok(Self { bytes, header })
    }
}

impl TensorSource for Checkpoint<Vec<u8>> {
    fn tensor(&self, name: &str, shape: &[usize]) -> Result<Cow<'_, [f32]>, WeightError> {
        let entry = self.header.entry(name, shape)?;
        decode(name, &entry.dtype, &self.bytes[entry.span.clone()])
    }

    fn bn_eps(&self) -> f64 {
        self.metadata().bn_eps
    }
}
