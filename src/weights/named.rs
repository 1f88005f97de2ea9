//! Tensors in memory by name: what training has made of a network.

use std::borrow::Cow;
use std::collections::BTreeMap;

use super::header::{Dtype, Entry, Header};
use super::saved::{SavedTensor, header};
use super::values::decode;
use super::{BN_EPS, TensorSource, WeightError};

/// A tensor's shape and its values, row-major.
#[derive(Clone, Debug, PartialEq)]
pub struct NamedTensor {
    /// PyTorch's shape.
    pub shape: Vec<usize>,
    /// Row-major.
    pub values: Vec<f32>,
}

/// Tensors by PyTorch's keys, in the keys' order.
#[derive(Clone, Debug, PartialEq)]
pub struct NamedTensors {
    /// The tensors.
    pub tensors: BTreeMap<String, NamedTensor>,
    /// Added to variances under batch norm's square root.
    pub bn_eps: f64,
}

impl NamedTensor {
    /// The values of the tensor, which is called `name`.
    ///
    /// # Errors
    /// It has another shape.
    pub fn values_of(&self, name: &str, shape: &[usize]) -> Result<Cow<'_, [f32]>, WeightError> {
        if self.shape != shape {
            let (expected, got) = (shape.to_vec(), self.shape.iter().map(|&size| size as u64).collect());
            return Err(WeightError::Shape { tensor: name.to_owned(), expected, got });
        }
        Ok(Cow::Borrowed(&self.values))
    }

    /// A safetensors file of tensors by name, with a text about them.
    pub fn file<'a>(tensors: impl Iterator<Item = (String, &'a Self)>, about: &str) -> Vec<u8> {
        let (names, values): (Vec<SavedTensor>, Vec<&[f32]>) = tensors
            .map(|(name, tensor)| {
                (SavedTensor { name, shape: tensor.shape.clone(), is_f16: false }, &tensor.values[..])
            })
            .unzip();
        let mut bytes = header(&names, about);
        bytes.extend(values.into_iter().flatten().flat_map(|value| value.to_le_bytes()));
        bytes
    }

    /// Reads the bytes of [`NamedTensor::file`]: the tensors by name, and the text.
    ///
    /// # Errors
    /// [`WeightError`] for anything else.
    pub fn read(bytes: &[u8]) -> Result<(BTreeMap<String, Self>, Option<String>), WeightError> {
        let Header { entries, config, .. } = Header::parse(bytes, bytes.len() as u64)?;
        let tensor = |(name, entry): (String, Entry)| {
            if entry.dtype != Dtype::F32 {
                return Err(WeightError::Dtype { got: format!("{:?}", entry.dtype), tensor: name });
            }
            // The header has been checked against the file's length.
            let values = decode(&name, &entry.dtype, &bytes[entry.span])?.into_owned();
            let shape = entry.shape.iter().map(|&size| size as usize).collect();
            Ok((name, Self { shape, values }))
        };
        Ok((entries.into_iter().map(tensor).collect::<Result<_, _>>()?, config))
    }
}

impl Default for NamedTensors {
    /// None, with PyTorch's usual `eps`.
    fn default() -> Self {
        Self { tensors: BTreeMap::new(), bn_eps: BN_EPS }
    }
}

impl NamedTensors {
    /// With this `eps`.
    pub fn with_bn_eps(self, bn_eps: f64) -> Self {
        Self { bn_eps, ..self }
    }
}

impl<'a> FromIterator<(&'a str, &'a [usize], &'a [f32])> for NamedTensors {
    fn from_iter<I: IntoIterator<Item = (&'a str, &'a [usize], &'a [f32])>>(tensors: I) -> Self {
        let own = |(key, shape, values): (&str, &[usize], &[f32])| {
            (key.to_owned(), NamedTensor { shape: shape.to_vec(), values: values.to_vec() })
        };
        Self { tensors: tensors.into_iter().map(own).collect(), ..Self::default() }
    }
}

impl TensorSource for NamedTensors {
    fn tensor(&self, name: &str, shape: &[usize]) -> Result<Cow<'_, [f32]>, WeightError> {
        let tensor = self.tensors.get(name).ok_or_else(|| WeightError::NoSuchTensor(name.to_owned()))?;
        tensor.values_of(name, shape)
    }

    fn bn_eps(&self) -> f64 {
        self.bn_eps
    }
}
