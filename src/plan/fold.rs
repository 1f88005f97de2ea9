//! Weights on their way to a device: which tensors, folded how, packed in which order.

use super::Plan;
use super::task::LINEAR;
use super::upload::{Folded, Upload, UploadKind};
use crate::kernels::{OutsideF16, PackedWeight};
use crate::model::{Graph, Layer, Op, Slice};
use crate::shape::Conv2dSpec;
use crate::weights::{TensorSource, WeightError, WeightSource, batch_norm_affine, fold_batch_norm};

impl Plan {
    /// The tensors that an upload is made of.
    pub fn tensors(&self, upload: &Upload) -> Vec<String> {
        let named = |layer: usize, parts: &[&str]| -> Vec<String> {
            parts.iter().map(|part| format!("{}.{part}", self.graph.layers[layer].key)).collect()
        };
        const BATCH_NORM: [&str; 4] = ["weight", "bias", "running_mean", "running_var"];
        match upload.kind {
            UploadKind::Convolution { layer, batch_norm, .. } => {
                let biased = matches!(self.graph.layers[layer].op, Op::Conv2d { conv_bias: true, .. });
                let mut names = named(layer, if biased { &["weight", "bias"] } else { &["weight"] });
                names.extend(batch_norm.into_iter().flat_map(|layer| named(layer, &BATCH_NORM)));
                names
            }
            UploadKind::BatchNorm { layer } => named(layer, &BATCH_NORM),
            UploadKind::Linear { layer } => {
                let biased = matches!(self.graph.layers[layer].op, Op::Linear { bias: true, .. });
                named(layer, if biased { &["weight", "bias"] } else { &["weight"] })
            }
        }
    }

    /// The uploads with the names of their tensors, those first that come first in their file.
    pub fn uploads_in_file_order(&self, source: &dyn WeightSource) -> Vec<(Vec<String>, &Upload)> {
        let mut uploads: Vec<_> = self.uploads.iter().map(|upload| (self.tensors(upload), upload)).collect();
        let end = |names: &[String]| names.iter().map(|name| source.position(name)).max().unwrap_or(0);
        uploads.sort_unstable_by_key(|(names, upload)| (end(names), upload.targets));
        uploads
    }

    /// The content of an upload's two buffers on the GPU: weight in the order of its kernel and bias, or scale and shift.
    ///
    /// # Errors
    /// A tensor that is missing or of another shape, or a value that f16 cannot hold.
    pub fn load(&self, upload: &Upload, source: &dyn TensorSource) -> Result<[PackedWeight; 2], WeightError> {
        self.pack(upload, self.fold(upload, source)?)
    }

    /// The values of an upload in PyTorch's order, cut to the layer's slice and with batch norm folded in.
    ///
    /// # Errors
    /// A tensor that is missing or of another shape.
    pub fn fold(&self, upload: &Upload, source: &dyn TensorSource) -> Result<Folded, WeightError> {
        let graph = &self.graph;
        match upload.kind {
            UploadKind::Convolution { layer, batch_norm, .. } => {
                let layer = &graph.layers[layer];
                let Op::Conv2d { spec, conv_bias } = layer.op else { unreachable!("planned from a convolution") };
                let (mut weight, mut bias) = convolution(layer, spec, conv_bias, source)?;
                if let Some(batch_norm) = batch_norm {
                    let (scale, mut shift) = affine(graph, batch_norm, source)?;
                    // Of a sum's terms, the first alone has the shift, as it alone has the convolution's bias.
                    if matches!(layer.slice, Slice::In { start: 1.., .. }) {
                        shift.fill(0.0);
                    }
                    fold_batch_norm(&mut weight, &mut bias, &scale, &shift);
                }
                Ok(Folded { weight, bias })
            }
            UploadKind::BatchNorm { layer } => {
                let (weight, bias) = affine(graph, layer, source)?;
                Ok(Folded { weight, bias })
            }
            UploadKind::Linear { layer } => {
                let layer = &graph.layers[layer];
                let (in_features, out_features) = linear_size(layer);
                let weight = source.tensor(&format!("{}.weight", layer.key), &[out_features, in_features])?;
                let bias = match layer.op {
                    Op::Linear { bias: true, .. } => {
                        source.tensor(&format!("{}.bias", layer.key), &[out_features])?.into_owned()
                    }
                    _ => vec![0.0; out_features],
                };
                Ok(Folded { weight: weight.into_owned(), bias })
            }
        }
    }

    /// The order and the type that the GPU's kernels read.
    fn pack(&self, upload: &Upload, folded: Folded) -> Result<[PackedWeight; 2], WeightError> {
        let Folded { weight, bias } = folded;
        let (layer, packed) = match upload.kind {
            UploadKind::BatchNorm { .. } => return Ok([weight, bias].map(PackedWeight::F32)),
            UploadKind::Convolution { layer, kernel, .. } => {
                let layer = &self.graph.layers[layer];
                let Op::Conv2d { spec, .. } = layer.op else { unreachable!("planned from a convolution") };
                (layer, kernel.pack(spec, &weight))
            }
            UploadKind::Linear { layer } => {
                let layer = &self.graph.layers[layer];
                let (in_features, out_features) = linear_size(layer);
                (layer, LINEAR.pack(Conv2dSpec::pointwise(in_features, out_features), &weight))
            }
        };
        let encoded = self.options.weight_dtype.encode(packed);
        let refused = |OutsideF16(value)| WeightError::OutsideF16 { tensor: format!("{}.weight", layer.key), value };
        Ok([encoded.map_err(refused)?, PackedWeight::F32(bias)])
    }
}

fn linear_size(layer: &Layer) -> (usize, usize) {
    let Op::Linear { in_features, out_features, .. } = layer.op else { unreachable!("planned from a linear layer") };
    (in_features, out_features)
}

/// Weight (OIHW) and bias of a convolution, cut to the layer's slice.
fn convolution(
    layer: &Layer,
    spec: Conv2dSpec,
    conv_bias: bool,
    source: &dyn TensorSource,
) -> Result<(Vec<f32>, Vec<f32>), WeightError> {
    let [out_channels, in_channels, kh, kw] = spec.weight_shape();
    let name = format!("{}.weight", layer.key);
    let weight = match layer.slice {
        Slice::All => source.tensor(&name, &spec.weight_shape())?.into_owned(),
        Slice::Out { start, len, of } => {
            let row = in_channels * kh * kw;
            source.tensor(&name, &[of, in_channels, kh, kw])?[start * row..(start + len) * row].to_vec()
        }
        Slice::In { start, len, of } => {
            let whole = source.tensor(&name, &[out_channels, of, kh, kw])?;
            let (column, row) = (kh * kw, of * kh * kw);
            whole.chunks_exact(row).flat_map(|row| &row[start * column..(start + len) * column]).copied().collect()
        }
    };
    let bias = if conv_bias {
        sliced(&format!("{}.bias", layer.key), layer.slice, out_channels, source)?
    } else {
        vec![0.0; out_channels]
    };
    Ok((weight, bias))
}

/// Scale and shift of a batch norm, cut to the layer's slice.
fn affine(graph: &Graph, layer: usize, source: &dyn TensorSource) -> Result<(Vec<f32>, Vec<f32>), WeightError> {
    let layer = &graph.layers[layer];
    let channels = graph.tensors[layer.output].shape.c;
    let part = |part: &str| sliced(&format!("{}.{part}", layer.key), layer.slice, channels, source);
    let (weight, bias) = (part("weight")?, part("bias")?);
    let (running_mean, running_var) = (part("running_mean")?, part("running_var")?);
    Ok(batch_norm_affine(&weight, &bias, &running_mean, &running_var, source.bn_eps()))
}

/// A vector with one value an output channel, cut to the layer's slice.
fn sliced(name: &str, slice: Slice, len: usize, source: &dyn TensorSource) -> Result<Vec<f32>, WeightError> {
    Ok(match slice {
        Slice::Out { start, len, of } => source.tensor(name, &[of])?[start..start + len].to_vec(),
        Slice::All | Slice::In { .. } => source.tensor(name, &[len])?.into_owned(),
    })
}
