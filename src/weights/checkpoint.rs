//! A weights file whose header describes a ResNeXt, and such a file in memory, checked whole before any of it is used.

use std::borrow::Cow;
use std::task::{Context, Poll, Waker};

use super::checkpoint_header::{CheckpointHeader, is_ignored};
use super::gather::in_order;
use super::metadata::Metadata;
use super::read::read_header;
use super::values::{check_values, decode};
use super::{Reading, TensorSource, WeightError};
use crate::model::ResNextConfig;

/// The weights of a ResNeXt in a safetensors file or one of PyTorch's: every tensor is there and has its shape.
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

    /// The same file with another description, such as a `config.json`; it has precedence over all that is known so far.
    ///
    /// # Errors
    /// [`WeightError::ConfigJson`] and its like where the description cannot be read or does not fit the tensors.
    pub fn described(&self, json: &str) -> Result<Self, WeightError>
    where
        Bytes: Clone,
    {
        Ok(Self { bytes: self.bytes.clone(), header: self.header.described(json)? })
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
    /// Reads a safetensors file or one of PyTorch's (f32, f16, bf16 or f64) with the names of torchvision and timm, or
    /// under other names that are known (`names`).
    ///
    /// The architecture comes from the tensors' shapes, what shapes cannot tell from the file's `config` metadata or,
    /// where absent, from what is usual for its stem. `num_batches_tracked` is ignored.
    ///
    /// # Errors
    /// Every [`WeightError`] but those of a source: the file is damaged, of another format or network, or has values
    /// that are not finite.
    pub fn parse(bytes: Vec<u8>) -> Result<Self, WeightError> {
        Self::parse_with(bytes, None)
    }

    /// Reads it with a description from beside the file, such as timm's `config.json`, for what the file itself does not say.
    ///
    /// # Errors
    /// As [`Checkpoint::parse`], and where the description cannot be read or does not fit.
    pub fn parse_with(bytes: Vec<u8>, config_json: Option<&str>) -> Result<Self, WeightError> {
        let header = CheckpointHeader::new(at_once(read_header(&bytes))?, config_json)?;
        for (name, entry) in header.entries.iter().filter(|(name, _)| !is_ignored(name)) {
            check_values(name, &entry.dtype, &in_order(name, entry, &bytes[entry.span.clone()])?)?;
        }
        Ok(Self { bytes, header })
    }
}

/// The result of reading bytes that are in memory, for which nothing is waited.
fn at_once<T>(reading: impl Future<Output = Result<T, WeightError>>) -> Result<T, WeightError> {
    match std::pin::pin!(reading).poll(&mut Context::from_waker(Waker::noop())) {
        Poll::Ready(read) => read,
        Poll::Pending => Err(WeightError::Source("the bytes in memory are not there yet".to_owned())),
    }
}

impl TensorSource for Checkpoint<Vec<u8>> {
    fn tensor(&self, name: &str, shape: &[usize]) -> Result<Cow<'_, [f32]>, WeightError> {
        if let Some(zeros) = self.header.absent_bias(name, shape) {
            return Ok(Cow::Owned(zeros));
        }
        let entry = self.header.entry(name, shape)?;
        match in_order(name, entry, &self.bytes[entry.span.clone()])? {
            Cow::Borrowed(bytes) => decode(name, &entry.dtype, bytes),
            Cow::Owned(bytes) => Ok(Cow::Owned(decode(name, &entry.dtype, &bytes)?.into_owned())),
        }
    }

    fn bn_eps(&self) -> f64 {
        self.metadata().bn_eps
    }
}
