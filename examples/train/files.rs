//! The batch that is read.

use std::path::Path;

use cardinal::shape::Nchw;
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
        input: input.data().as_chunks::<4>().0.iter().map(|&bytes| f32::from_le_bytes(bytes)).collect(),
        labels: labels.data().as_chunks::<8>().0.iter().map(label).collect::<Result<_, _>>()?,
    })
}
