//! The batch that is read, and the files that are written.

use std::collections::HashMap;
use std::path::Path;

use cardinal::shape::Nchw;
use cardinal::weights::NamedTensor;
use safetensors::tensor::TensorView;
use safetensors::{Dtype, SafeTensors};

use super::Failure;

/// Pictures, already normalised, and the class of each.
pub struct Batch {
    pub shape: Nchw,
    pub input: Vec<f32>,
    pub labels: Vec<u32>,
}

/// Reads the batch at `path`.
///
/// # Errors
/// A file that cannot be read, or a tensor that is missing or of another type or size.
pub fn batch(path: &Path) -> Result<Batch, Failure> {
    let path = path.display();
    let bytes = std::fs::read(path.to_string()).map_err(|error| format!("{path}: {error}"))?;
    let file = SafeTensors::deserialize(&bytes).map_err(|error| format!("{path}: {error}"))?;
    let tensor = |name: &str, dtype: Dtype, axes: &str| {
        let tensor = file.tensor(name).map_err(|_| format!("{path} has no tensor `{name}`, {dtype:?} of {axes}"))?;
        let fits = tensor.dtype() == dtype && tensor.shape().len() == axes.split(',').count();
        let got =
            format!("{path}: `{name}`: expected {dtype:?} of {axes}, got {:?} of {:?}", tensor.dtype(), tensor.shape());
        if fits { Ok(tensor) } else { Err(got) }
    };
    let (input, labels) = (tensor("input", Dtype::F32, "[n, c, h, w]")?, tensor("labels", Dtype::I64, "[n]")?);
    let label = |bytes: &[u8; 8]| {
        let label = i64::from_le_bytes(*bytes);
        u32::try_from(label).map_err(|_| format!("{path}: `labels` has {label}; expected the index of a class"))
    };
    let shape = input.shape();
    Ok(Batch {
        shape: Nchw::new(shape[0], shape[1], shape[2], shape[3]),
        input: values(input.data()),
        labels: labels.data().as_chunks::<8>().0.iter().map(label).collect::<Result<_, _>>()?,
    })
}

/// Writes tensors by name, and what is known of them.
///
/// # Errors
/// A file that cannot be written.
pub fn save<'a>(
    path: &Path,
    tensors: impl Iterator<Item = (String, &'a NamedTensor)>,
    metadata: Option<HashMap<String, String>>,
) -> Result<(), Failure> {
    let bytes = |values: &[f32]| values.iter().flat_map(|value| value.to_le_bytes()).collect();
    let parts: Vec<(String, &[usize], Vec<u8>)> =
        tensors.map(|(key, tensor)| (key, &tensor.shape[..], bytes(&tensor.values))).collect();
    let views = parts.iter().map(|(key, shape, bytes)| Ok((key, TensorView::new(Dtype::F32, shape.to_vec(), bytes)?)));
    let views = views.collect::<Result<Vec<_>, safetensors::SafeTensorError>>()?;
    safetensors::serialize_to_file(views, metadata, path).map_err(|error| format!("{}: {error}", path.display()).into())
}

/// Values as a file has them.
pub fn values(bytes: &[u8]) -> Vec<f32> {
    bytes.as_chunks::<4>().0.iter().map(|&bytes| f32::from_le_bytes(bytes)).collect()
}
