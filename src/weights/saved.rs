//! A network as a safetensors file: its tensors by PyTorch's keys, and a `config` of what shapes do not tell. torchvision and
//! timm read the tensors, and this crate reads all of it.

use half::f16;
use serde_json::{Map, Value, json};

use super::{Metadata, WeightError, WeightSource, tensor_shapes};
use crate::model::{EXPANSION, ResNextConfig, WidthRule};

/// Tensors are written in parts of at least this many bytes.
const PART_BYTES: usize = 4 << 20;

/// A file to be written: its header, then its tensors in parts, so that a large network is never whole in memory.
pub struct SavedFile {
    header: Vec<u8>,
    /// In the file's order.
    tensors: Vec<SavedTensor>,
    next: usize,
}

pub(super) struct SavedTensor {
    pub name: String,
    pub shape: Vec<usize>,
    pub is_f16: bool,
}

impl SavedTensor {
    fn bytes(&self) -> usize {
        self.shape.iter().product::<usize>() * if self.is_f16 { 2 } else { 4 }
    }
}

impl SavedFile {
    /// The file of a network. With `in_f16` the weights of convolutions and of `fc` are f16, half as large; biases and batch norm,
    /// a hundredth of all bytes, stay f32, because variances need not fit into f16.
    ///
    /// # Errors
    /// [`WeightError::Graph`] if no graph can be built from `config`.
    pub fn new(config: &ResNextConfig, metadata: &Metadata, in_f16: bool) -> Result<Self, WeightError> {
        let (mut tensors, mut halves) = (Vec::new(), Vec::new());
        for (name, shape) in tensor_shapes(config)? {
            let is_f16 = in_f16 && shape.len() > 1;
            let list = if is_f16 { &mut halves } else { &mut tensors };
            list.push(SavedTensor { name, shape, is_f16 });
        }
        // The f32 ones first: each of their values then lies at a multiple of four bytes.
        tensors.append(&mut halves);
        Ok(Self { header: header(&tensors, &text(&config_json(config, metadata))), tensors, next: 0 })
    }

    /// What the file begins with.
    pub fn header(&self) -> &[u8] {
        &self.header
    }

    /// Bytes of the whole file.
    pub fn size(&self) -> u64 {
        (self.header.len() + self.tensors.iter().map(SavedTensor::bytes).sum::<usize>()) as u64
    }

    /// The bytes that follow; `None` at the end of the file.
    ///
    /// # Errors
    /// [`WeightError`] if a tensor cannot be read, or has a value that f16 cannot hold.
    pub async fn next_part(&mut self, weights: &impl WeightSource) -> Result<Option<Vec<u8>>, WeightError> {
        let from = self.next;
        let mut size = 0;
        while let Some(tensor) = self.tensors.get(self.next).filter(|_| size < PART_BYTES) {
            size += tensor.bytes();
            self.next += 1;
        }
        let tensors = &self.tensors[from..self.next];
        let names: Vec<String> = tensors.iter().map(|tensor| tensor.name.clone()).collect();
        if names.is_empty() {
            return Ok(None);
        }
        let source = weights.fetch(&names).await?;
        let mut bytes = Vec::with_capacity(size);
        for SavedTensor { name, shape, is_f16 } in tensors {
            let values = source.tensor(name, shape)?;
            match is_f16 {
                true => push_f16(name, &values, &mut bytes)?,
                false => values.iter().for_each(|value| bytes.extend_from_slice(&value.to_le_bytes())),
            }
        }
        Ok(Some(bytes))
    }
}

/// Rounds to nearest, ties to even.
fn push_f16(name: &str, values: &[f32], bytes: &mut Vec<u8>) -> Result<(), WeightError> {
    for (index, &value) in values.iter().enumerate() {
        let rounded = f16::from_f32(value);
        if !rounded.is_finite() {
            return Err(WeightError::NotInF16 { tensor: name.to_owned(), index, value });
        }
        bytes.extend_from_slice(&rounded.to_le_bytes());
    }
    Ok(())
}

/// What a file of these tensors begins with.
pub(super) fn header(tensors: &[SavedTensor], config: &str) -> Vec<u8> {
    let mut members = Map::new();
    // transformers refuses a file that does not say which framework it is from.
    members.insert("__metadata__".to_owned(), json!({ "format": "pt", "config": config }));
    let mut start = 0;
    for tensor in tensors {
        let end = start + tensor.bytes();
        let dtype = if tensor.is_f16 { "F16" } else { "F32" };
        let entry = json!({ "dtype": dtype, "shape": tensor.shape, "data_offsets": [start, end] });
        members.insert(tensor.name.clone(), entry);
        start = end;
    }
    let mut json = text(&Value::Object(members));
    // The tensors begin at a multiple of eight bytes.
    json.push_str(&" ".repeat(json.len().next_multiple_of(8) - json.len()));
    let mut header = (json.len() as u64).to_le_bytes().to_vec();
    header.extend_from_slice(json.as_bytes());
    header
}

fn text(json: &Value) -> String {
    serde_json::to_string(json).unwrap_or_else(|error| unreachable!("plain data: {error}"))
}

/// The `config` of a network, as `metadata.rs` reads it.
fn config_json(config: &ResNextConfig, metadata: &Metadata) -> Value {
    let (width_rule, cardinality) = match &config.width_rule {
        WidthRule::BaseWidth => ("base_width", json!(config.cardinality)),
        WidthRule::QuarterOut => ("quarter_out", json!(config.cardinality)),
        WidthRule::PerStage { groups, .. } => ("per_stage", json!(groups)),
    };
    let widths: Vec<usize> = (0..config.blocks.len()).map(|stage| config.width(stage)).collect();
    let whole = config.out_channels.iter().all(|out| out.is_multiple_of(EXPANSION));
    let planes = whole.then(|| config.out_channels.iter().map(|out| out / EXPANSION).collect::<Vec<_>>());
    json!({
        "architecture": "resnext",
        "blocks": config.blocks,
        "planes": planes,
        "out_channels": config.out_channels,
        "strides": config.strides,
        "stride_in_1x1": config.stride_in_1x1,
        "cardinality": cardinality,
        "base_width": (config.base_width > 0).then_some(config.base_width),
        "width_rule": width_rule,
        "widths": widths,
        "stem": config.stem,
        "stem_channels": config.stem_channels,
        "in_channels": config.in_channels,
        "conv_bias": config.conv_bias,
        "num_classes": config.num_classes,
        "input_size": metadata.input_size,
        "resize": metadata.resize,
        "interpolation": metadata.interpolation.name(),
        "mean": numbers(&metadata.mean),
        "std": numbers(&metadata.std),
        "bn_eps": metadata.bn_eps,
        "classes": metadata.classes,
        "dataset": metadata.dataset,
        "test_accuracy": metadata.test_accuracy,
        "licence": metadata.licence,
        "origin": metadata.origin,
        "recipe": metadata.recipe,
        "date": metadata.date,
    })
}

/// The numbers with as few decimals as they were written with: 0.4914, not 0.49140000343322754.
fn numbers(values: &[f32]) -> Vec<f64> {
    let short = |&value: &f32| {
        let rounded = (f64::from(value) * 1e6).round() / 1e6;
        if rounded as f32 == value { rounded } else { value.into() }
    };
    values.iter().map(short).collect()
}
