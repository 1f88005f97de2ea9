//! A weights file, read and checked whole before any of it is used.

use std::borrow::Cow;
use std::collections::{BTreeMap, HashSet};

use half::{bf16, f16};

use super::error::Misshapen;
use super::header::{Dtype, Entry, Header};
use super::infer::{Inferred, infer};
use super::metadata::{Metadata, complete};
use super::relatives::refuse_relatives;
use super::{TensorSource, WeightError, tensor_shapes};
use crate::model::ResNextConfig;

/// The weights of a ResNeXt from a safetensors file: every tensor is there, has its shape, and is finite.
pub struct Checkpoint {
    bytes: Vec<u8>,
    entries: BTreeMap<String, Entry>,
    inferred: Inferred,
    config: ResNextConfig,
    metadata: Metadata,
}

impl Checkpoint {
    /// Reads a safetensors file (f32, f16 or bf16) with PyTorch's keys as torchvision and timm write them.
    ///
    /// The architecture comes from the tensors' shapes, what shapes cannot tell from the file's `config` metadata or,
    /// where absent, from what is usual for its stem. `num_batches_tracked` is ignored.
    pub fn parse(bytes: Vec<u8>) -> Result<Self, WeightError> {
        let Header { entries, metadata } = Header::parse(&bytes)?;
        refuse_relatives(entries.keys().map(String::as_str))?;
        let inferred = infer(&entries)?;
        let (config, metadata) = complete(&inferred, metadata.get("config").map(String::as_str))?;
        check_tensors(&config, &entries)?;
        for (name, entry) in entries.iter().filter(|(name, _)| !is_ignored(name)) {
            check_values(name, &entry.dtype, &bytes[entry.span.clone()])?;
        }
        Ok(Self { bytes, entries, inferred, config, metadata })
    }

    /// The network these weights are for.
    pub fn config(&self) -> &ResNextConfig {
        &self.config
    }

    pub fn metadata(&self) -> &Metadata {
        &self.metadata
    }

    /// Replaces the strides, one a stage, where a file without `config` has unusual ones.
    pub fn with_strides(mut self, strides: Vec<usize>) -> Result<Self, WeightError> {
        self.inferred.check_strides(&strides)?;
        self.config.strides = strides;
        self.config.validate()?;
        check_tensors(&self.config, &self.entries)?;
        Ok(self)
    }
}

impl TensorSource for Checkpoint {
    fn tensor(&self, name: &str, shape: &[usize]) -> Result<Cow<'_, [f32]>, WeightError> {
        let entry = self.entries.get(name).ok_or_else(|| WeightError::NoSuchTensor(name.to_owned()))?;
        if !same_shape(shape, &entry.shape) {
            let (tensor, expected, got) = (name.to_owned(), shape.to_vec(), entry.shape.clone());
            return Err(WeightError::Shape { tensor, expected, got });
        }
        let bytes = &self.bytes[entry.span.clone()];
        let halves = || bytes.as_chunks::<2>().0.iter();
        Ok(match &entry.dtype {
            Dtype::F32 => singles(bytes),
            Dtype::F16 => halves().map(|&value| f16::from_le_bytes(value).to_f32()).collect(),
            Dtype::Bf16 => halves().map(|&value| bf16::from_le_bytes(value).to_f32()).collect(),
            Dtype::Other(got) => return Err(WeightError::Dtype { tensor: name.to_owned(), got: got.clone() }),
        })
    }

    fn bn_eps(&self) -> f64 {
        self.metadata.bn_eps
    }
}

/// Little-endian f32, borrowed where they lie as the machine wants them; older writers do not align tensors.
fn singles(bytes: &[u8]) -> Cow<'_, [f32]> {
    match bytemuck::try_cast_slice(bytes) {
        Ok(values) if cfg!(target_endian = "little") => Cow::Borrowed(values),
        _ => bytes.as_chunks::<4>().0.iter().map(|&value| f32::from_le_bytes(value)).collect(),
    }
}

/// PyTorch's count of training steps in every batch norm, which inference does not need.
fn is_ignored(name: &str) -> bool {
    name.ends_with(".num_batches_tracked")
}

fn same_shape(expected: &[usize], got: &[u64]) -> bool {
    expected.len() == got.len() && expected.iter().zip(got).all(|(&a, &b)| a as u64 == b)
}

/// Compares all names and shapes with those of the network, and reports all that differ at once.
fn check_tensors(config: &ResNextConfig, entries: &BTreeMap<String, Entry>) -> Result<(), WeightError> {
    let shapes = tensor_shapes(config)?;
    let (mut missing, mut misshapen) = (Vec::new(), Vec::new());
    for (name, shape) in &shapes {
        match entries.get(name) {
            None => missing.push(name.clone()),
            Some(entry) if !same_shape(shape, &entry.shape) => misshapen.push(Misshapen {
                tensor: name.clone(),
                expected: shape.iter().map(|&dim| dim as u64).collect(),
                got: entry.shape.clone(),
            }),
            Some(_) => {}
        }
    }
    let expected: HashSet<&str> = shapes.iter().map(|(name, _)| name.as_str()).collect();
    let belongs = |name: &str, entry: &Entry| match name.strip_suffix(".num_batches_tracked") {
        // A scalar; some writers store it as a list of one.
        Some(module) => {
            expected.contains(format!("{module}.running_mean").as_str()) && entry.shape.iter().all(|&dim| dim == 1)
        }
        None => expected.contains(name),
    };
    let unexpected: Vec<String> =
        entries.iter().filter(|(name, entry)| !belongs(name, entry)).map(|(name, _)| name.clone()).collect();
    if missing.is_empty() && unexpected.is_empty() && misshapen.is_empty() {
        return Ok(());
    }
    Err(WeightError::Mismatch { missing, unexpected, misshapen })
}

/// Refuses NaN and infinities anywhere, and negative variances.
fn check_values(name: &str, dtype: &Dtype, bytes: &[u8]) -> Result<(), WeightError> {
    let variance = name.ends_with(".running_var");
    let halves = || bytes.as_chunks::<2>().0.iter().map(|&value| u16::from_le_bytes(value));
    match dtype {
        Dtype::F32 => {
            let values = bytes.as_chunks::<4>().0.iter().map(|&value| u32::from_le_bytes(value));
            let bad = first_bad(values.map(|bits| (bits & 0x7f80_0000 == 0x7f80_0000, bits > 1 << 31)), variance);
            refuse(name, bad, |i| f32::from_le_bytes(bytes.as_chunks::<4>().0[i]))
        }
        Dtype::F16 => {
            let bad = first_bad(halves().map(|bits| (bits & 0x7c00 == 0x7c00, bits > 1 << 15)), variance);
            refuse(name, bad, |i| f16::from_le_bytes(bytes.as_chunks::<2>().0[i]).to_f32())
        }
        Dtype::Bf16 => {
            let bad = first_bad(halves().map(|bits| (bits & 0x7f80 == 0x7f80, bits > 1 << 15)), variance);
            refuse(name, bad, |i| bf16::from_le_bytes(bytes.as_chunks::<2>().0[i]).to_f32())
        }
        Dtype::Other(got) => Err(WeightError::Dtype { tensor: name.to_owned(), got: got.clone() }),
    }
}

/// Index of the first value with all exponent bits set or, in a variance, with the sign bit.
fn first_bad(mut values: impl Iterator<Item = (bool, bool)>, variance: bool) -> Option<usize> {
    values.position(|(not_finite, negative)| not_finite || (variance && negative))
}

fn refuse(name: &str, bad: Option<usize>, value: impl Fn(usize) -> f32) -> Result<(), WeightError> {
    let Some(index) = bad else { return Ok(()) };
    let (tensor, value) = (name.to_owned(), value(index));
    if value.is_finite() {
        return Err(WeightError::NegativeVariance { tensor, index, value });
    }
    Err(WeightError::NonFinite { tensor, index, value })
}
