//! Loading weights: reads and checks safetensors files and PyTorch's own, infers the architecture from shapes, folds batch norm, and makes
//! untrained weights for a network without a file.
//!
//! [`StoredCheckpoint`] is a network whose file is read at any offset: its header is read and checked against the architecture
//! before anything else, and its tensors are read and checked as an engine requests them. A `config.json` beside the file gives
//! preprocessing and class names (`description.rs`), and so does a list of class names (`class_names.rs`). [`SavedFile`] is the way
//! back.
//!
//! ```text
//! bytes ─▶ format ─▶ header or pth ─▶ names ─▶ unsupported ─▶ infer ─▶ metadata ─▶ checkpoint_header ─▶ checkpoint
//!                                                                                         └─▶ tensors, one at a time
//! ```

mod batch_norm;
mod checkpoint;
mod checkpoint_header;
mod class_names;
mod config_reader;
mod description;
mod error;
mod format;
mod gather;
mod header;
mod infer;
mod kept;
mod listed;
mod metadata;
mod named;
mod names;
mod normal;
mod pth;
mod read;
mod reading;
mod saved;
mod shapes;
mod source;
mod stored;
mod torch_header;
pub(crate) mod unique_keys;
mod unsupported;
mod untrained;
mod values;

use std::borrow::Cow;

pub use batch_norm::{batch_norm_affine, fold_batch_norm};
pub use checkpoint::Checkpoint;
pub use class_names::class_names;
pub use error::{Misshapen, WeightError};
pub use header::{Container, MAX_HEADER_BYTES};
pub use kept::KeptTensors;
pub use metadata::{BN_EPS, Metadata};
pub use named::{NamedTensor, NamedTensors};
pub(crate) use normal::Stream;
pub use pth::TorchError;
pub use reading::Reading;
pub use saved::SavedFile;
pub use source::{ByteSource, Pending, WeightSource};
pub use stored::StoredCheckpoint;
pub use torch_header::{InThisProgram, TorchHeader, TorchReader};
pub use untrained::Untrained;

use crate::model::{BlockForm, Graph, GraphError, Op, ResNextConfig};

/// Gives a network's tensors one at a time, so that a large network is never in memory twice.
pub trait TensorSource {
    /// Row-major values of the tensor `name` (PyTorch's key, such as `layer1.0.conv2.weight`), which must have `shape`.
    ///
    /// # Errors
    /// [`WeightError`] if there is no such tensor, if it has another shape, or if its values are not finite.
    fn tensor(&self, name: &str, shape: &[usize]) -> Result<Cow<'_, [f32]>, WeightError>;

    /// `eps` of every batch norm, added to the running variance under the square root.
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

/// Every tensor of a network, as PyTorch's key and its shape, in execution order; without `num_batches_tracked`.
///
/// # Errors
/// [`GraphError`] if no graph can be built from `config`.
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
            Op::Linear { in_features, out_features, bias } => {
                push("weight", &[out_features, in_features]);
                if bias {
                    push("bias", &[out_features]);
                }
            }
            _ => {}
        }
    }
    Ok(tensors)
}
