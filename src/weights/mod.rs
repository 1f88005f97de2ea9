//! Weights in: safetensors files read and checked, the architecture inferred from shapes, batch norm folded; and
//! untrained weights where there is no file.
//!
//! [`StoredCheckpoint`] is a network whose file can be read at any place: its header is read and held against the architecture
//! before anything else, its tensors are read and checked as an engine asks for them. timm's `config.json` beside a hosted file
//! gives preprocessing and class names, its `test_*` fields first (`timm.rs`).
//!
//! ```text
//! bytes ─▶ format ─▶ header ─▶ unsupported ─▶ infer ─▶ metadata ─▶ checkpoint_header ─▶ checkpoint ─▶ tensors, one at a time
//! ```

mod batch_norm;
mod checkpoint;
mod checkpoint_header;
mod config_reader;
mod error;
mod format;
mod header;
mod infer;
mod metadata;
mod normal;
mod shapes;
mod source;
mod stored;
mod timm;
pub(crate) mod unique_keys;
mod unsupported;
mod untrained;
mod values;

use std::borrow::Cow;

pub use batch_norm::{batch_norm_affine, fold_batch_norm};
pub use checkpoint::Checkpoint;
pub use error::{Misshapen, WeightError};
pub use header::MAX_HEADER_BYTES;
pub use metadata::{BN_EPS, Metadata};
pub use source::{ByteSource, Pending, WeightSource};
pub use stored::StoredCheckpoint;
pub use untrained::Untrained;

use crate::model::{BlockForm, Graph, GraphError, Op, ResNextConfig};

/// Where a network's tensors come from, one at a time, so that a big network is never whole in memory twice.
pub trait TensorSource {
    /// Row-major values of the tensor `name` (PyTorch's key, such as `layer1.0.conv2.weight`), which must have `shape`.
    fn tensor(&self, name: &str, shape: &[usize]) -> Result<Cow<'_, [f32]>, WeightError>;

    /// What batch norm adds to the running variance under its square root.
    fn bn_eps(&self) -> f64 {
        BN_EPS
    }
}

impl<T: TensorSource + ?Sized> TensorSource for &T {
    fn tensor(&self, name: &str, shape: &[usize]) -> Result<Cow<'_, [f32]>, WeightError> {
        (**self).tensor(name, shape)
    }

    fn bn_eps(&self) -> f64 {
        (**self).bn_eps()
    }
}

/// Every tensor a network has, by PyTorch's name and with its shape, in execution order; without
/// `num_batches_tracked`.
pub fn tensor_shapes(config: &ResNextConfig) -> Result<Vec<(String, Vec<usize>)>, GraphError> {
    let side = config.stem.default_input_size();
    let graph = Graph::build(config, 1, (side, side), BlockForm::C)?;
    let mut tensors = Vec::new();
    for layer in &graph.layers {
        let mut push = |part: &str, shape: &[usize]| tensors.push((format!("{}.{part}", layer.key), shape.to_vec()));
        match layer.op {
            Op::Conv2d { spec, conv_bias } => {
                push("weight", &spec.weight_shape());
                if conv_bias {
                    push("bias", &[spec.out_channels]);
                }
            }
            Op::BatchNorm { .. } => {
                let channels = graph.tensors[layer.output].shape.c;
                for part in ["weight", "bias", "running_mean", "running_var"] {
                    push(part, &[channels]);
                }
            }
            Op::Linear { in_features, out_features } => {
                push("weight", &[out_features, in_features]);
                push("bias", &[out_features]);
            }
            _ => {}
        }
    }
    Ok(tensors)
}
