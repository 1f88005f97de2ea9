//! The parsed header of a weights file: enough to refuse the file or to plan the network before any value is read.

use std::collections::BTreeMap;
use std::ops::Range;

use super::config_reader::ConfigReader;
use super::error::Misshapen;
use super::header::{Entry, Header};
use super::infer::{Inferred, infer};
use super::metadata::{Metadata, complete};
use super::names::{Named, to_pytorch};
use super::unsupported::refuse_unsupported;
use super::{Reading, WeightError, description, tensor_shapes};
use crate::model::ResNextConfig;

/// The bias of the stem, which is zero where the file has none.
const STEM_BIAS: &str = "conv1.bias";

/// A header whose tensors are those of a ResNeXt, all of them and no others, each with its shape.
#[derive(Clone, Debug)]
pub(super) struct CheckpointHeader {
    pub entries: BTreeMap<String, Entry>,
    pub config: ResNextConfig,
    pub metadata: Metadata,
    pub reading: Reading,
    inferred: Inferred,
    /// All that is stated of the network.
    fields: ConfigReader,
}

impl CheckpointHeader {
    /// `config_json` is a description from beside the file. What the file's own `config` says has precedence over it.
    pub(super) fn new(header: Header, config_json: Option<&str>) -> Result<Self, WeightError> {
        let Header { entries, config, container, path, left_aside } = header;
        let Named { entries, prefix, layout, renamed, left_aside: beside } = to_pytorch(entries)?;
        refuse_unsupported(entries.keys().map(String::as_str))?;
        let inferred = infer(&entries)?;
        let mut fields = config.as_deref().map(ConfigReader::parse).transpose()?.unwrap_or_default();
        if let Some(json) = config_json {
            fields.complete_by(description::fields(json)?);
        }
        let reading = Reading {
            container,
            path,
            prefix,
            layout: layout.to_owned(),
            renamed,
            left_aside: left_aside.into_iter().chain(beside).collect(),
            strides_guessed: true,
            preparation_guessed: true,
        };
        Self::complete(entries, inferred, reading, fields)
    }

    /// The same file with another description, which has precedence over all that is known of it so far.
    pub(super) fn described(&self, json: &str) -> Result<Self, WeightError> {
        let mut fields = description::fields(json)?;
        fields.complete_by(self.fields.clone());
        Self::complete(self.entries.clone(), self.inferred.clone(), self.reading.clone(), fields)
    }

    fn complete(
        entries: BTreeMap<String, Entry>,
        inferred: Inferred,
        mut reading: Reading,
        fields: ConfigReader,
    ) -> Result<Self, WeightError> {
        let (config, metadata) = complete(&inferred, &fields)?;
        check_tensors(&config, &entries)?;
        let states = |names: &[&str]| names.iter().any(|name| fields.get(name).is_some());
        // A known architecture has the usual strides.
        reading.strides_guessed = !states(&["strides", "architecture"]);
        reading.preparation_guessed = !states(&["input_size", "mean", "std"]);
        Ok(Self { entries, config, metadata, reading, inferred, fields })
    }

    /// Replaces the strides, one per stage, for a file without `config` that has unusual ones.
    pub(super) fn with_strides(mut self, strides: Vec<usize>) -> Result<Self, WeightError> {
        self.inferred.check_strides(&strides)?;
        self.config.strides = strides;
        self.reading.strides_guessed = false;
        self.config.validate()?;
        check_tensors(&self.config, &self.entries)?;
        Ok(self)
    }

    /// The entry of a tensor that must have `shape`.
    pub(super) fn entry(&self, name: &str, shape: &[usize]) -> Result<&Entry, WeightError> {
        let entry = self.entries.get(name).ok_or_else(|| WeightError::NoSuchTensor(name.to_owned()))?;
        if !same_shape(shape, &entry.shape) {
            let (tensor, expected, got) = (name.to_owned(), shape.to_vec(), entry.shape.clone());
            return Err(WeightError::Shape { tensor, expected, got });
        }
        Ok(entry)
    }

    /// The values of a bias that the file lacks: networks whose other convolutions have biases may have a stem without one.
    pub(super) fn absent_bias(&self, name: &str, shape: &[usize]) -> Option<Vec<f32>> {
        let is_absent = name == STEM_BIAS && !self.entries.contains_key(name);
        is_absent.then(|| vec![0.0; shape.iter().product()])
    }

    /// The range of the file's bytes that a tensor occupies; empty if there is no such tensor.
    pub(super) fn span(&self, name: &str) -> Range<usize> {
        self.entries.get(name).map_or(0..0, |entry| entry.span.clone())
    }
}

/// PyTorch's count of training steps in every batch norm, which inference does not need.
pub(super) fn is_ignored(name: &str) -> bool {
    name.ends_with(".num_batches_tracked")
}

fn same_shape(expected: &[usize], got: &[u64]) -> bool {
    expected.len() == got.len() && expected.iter().zip(got).all(|(&a, &b)| a as u64 == b)
}

/// Compares all names and shapes with those of the network, and reports all differences at once.
fn check_tensors(config: &ResNextConfig, entries: &BTreeMap<String, Entry>) -> Result<(), WeightError> {
    let shapes = tensor_shapes(config)?;
    let (mut missing, mut misshapen) = (Vec::new(), Vec::new());
    for (name, shape) in &shapes {
        match entries.get(name) {
            None if name == STEM_BIAS => {}
            None => missing.push(name.clone()),
            Some(entry) if !same_shape(shape, &entry.shape) => misshapen.push(Misshapen {
                tensor: name.clone(),
                expected: shape.iter().map(|&dim| dim as u64).collect(),
                got: entry.shape.clone(),
            }),
            Some(_) => {}
        }
    }
    let expected = |name: &str| shapes.iter().any(|(known, _)| known == name);
    let belongs = |name: &str, entry: &Entry| match name.strip_suffix(".num_batches_tracked") {
        // The counter is a scalar; some writers store it with shape [1].
        Some(module) => expected(&format!("{module}.running_mean")) && entry.shape.iter().all(|&dim| dim == 1),
        None => expected(name),
    };
    let unexpected: Vec<String> =
        entries.iter().filter(|(name, entry)| !belongs(name, entry)).map(|(name, _)| name.clone()).collect();
    if missing.is_empty() && unexpected.is_empty() && misshapen.is_empty() {
        return Ok(());
    }
    Err(WeightError::Mismatch { missing, unexpected, misshapen })
}
