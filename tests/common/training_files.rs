//! A training fixture as the files that the example `train` reads.

use std::path::{Path, PathBuf};

use cardinal::weights::Metadata;
use safetensors::Dtype;
use safetensors::tensor::TensorView;

use super::saved::saved;
use super::training::Training;

/// Writes the weights that a fixture begins with, and its batch.
pub fn write(training: &Training<'_>, folder: &Path) -> [PathBuf; 2] {
    let [weights, batch] = ["weights.safetensors", "batch.safetensors"].map(|name| folder.join(name));
    let metadata = Metadata::usual(&training.config);
    let bytes = pollster::block_on(saved(&training.config, &metadata, false, &training.source)).unwrap();
    std::fs::write(&weights, bytes).unwrap();
    let labels: Vec<i64> = training.labels.iter().map(|&label| label.into()).collect();
    write_batch(&batch, &training.fixture.numbers("input"), &training.input, &labels);
    [weights, batch]
}

pub fn write_batch(path: &Path, shape: &[usize], input: &[f32], labels: &[i64]) {
    let input: Vec<u8> = input.iter().flat_map(|value| value.to_le_bytes()).collect();
    let count = vec![labels.len()];
    let labels: Vec<u8> = labels.iter().flat_map(|value| value.to_le_bytes()).collect();
    let tensors = [
        ("input", TensorView::new(Dtype::F32, shape.to_vec(), &input).unwrap()),
        ("labels", TensorView::new(Dtype::I64, count, &labels).unwrap()),
    ];
    safetensors::serialize_to_file(tensors, None, path).unwrap();
}
