//! The network's input: a picture, preprocessed as the checkpoint says, or a tensor as it is.

use std::path::Path;

use cardinal::classifier::preprocess;
use cardinal::shape::Nchw;
use cardinal::weights::Metadata;
use safetensors::{Dtype, SafeTensors};

use super::args::{Input, Tensor};
use super::{Failure, folder};

pub fn read(input: &Input, metadata: &Metadata) -> Result<(Nchw, Vec<f32>), Failure> {
    match input {
        Input { image: Some(path), .. } => image(path, metadata),
        Input { tensor: Some(Tensor { file, name }), .. } => tensor(file, name.as_deref()),
        Input { image: None, tensor: None } => Err("name a picture or a tensor".into()),
    }
}

fn image(path: &Path, metadata: &Metadata) -> Result<(Nchw, Vec<f32>), Failure> {
    let picture = folder::picture(path)?;
    let preprocess = preprocess(metadata);
    let prepared = preprocess.apply(&picture)?;
    Ok((Nchw::new(1, preprocess.channels(), preprocess.crop, preprocess.crop), prepared.tensor))
}

fn tensor(path: &str, name: Option<&str>) -> Result<(Nchw, Vec<f32>), Failure> {
    let bytes = std::fs::read(path).map_err(|error| format!("{path}: {error}"))?;
    let file = SafeTensors::deserialize(&bytes).map_err(|error| format!("{path}: {error}"))?;
    let names: Vec<&str> = file.names().into_iter().collect();
    let name = match (name, &names[..]) {
        (Some(name), _) => name,
        (None, [only]) => only,
        (None, several) => {
            return Err(format!("{path} holds {}; say which as {path}:name", several.join(", ")).into());
        }
    };
    let tensor =
        file.tensor(name).map_err(|_| format!("{path} has no tensor `{name}`; it holds {}", names.join(", ")))?;
    let (Dtype::F32, [n, c, h, w]) = (tensor.dtype(), tensor.shape()) else {
        let (dtype, shape) = (tensor.dtype(), tensor.shape());
        return Err(format!("{path}:{name}: expected NCHW F32, got {dtype:?} of {shape:?}").into());
    };
    let (values, _) = tensor.data().as_chunks::<4>();
    Ok((Nchw::new(*n, *c, *h, *w), values.iter().map(|&bytes| f32::from_le_bytes(bytes)).collect()))
}
