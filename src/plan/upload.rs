//! Weights on their way to a device, as data.

use crate::kernels::ConvKernel;

/// Two weight buffers that come from the same tensors.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Upload {
    /// Which tensors, and what is made of them.
    pub kind: UploadKind,
    /// Indices into [`Plan::weights`](super::Plan::weights): weight and bias, or scale and shift.
    pub targets: [usize; 2],
}

/// What is uploaded; layers are indices into [`Graph::layers`](crate::model::Graph::layers).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum UploadKind {
    /// Weight packed for `kernel` and bias, with `batch_norm` folded in.
    Convolution {
        /// The convolution.
        layer: usize,
        /// The batch norm that follows it.
        batch_norm: Option<usize>,
        /// The kernel that reads the weights.
        kernel: ConvKernel,
    },
    /// Scale and shift.
    BatchNorm {
        /// The batch norm.
        layer: usize,
    },
    /// Packed weight and bias.
    Linear {
        /// The linear layer.
        layer: usize,
    },
}

/// Weights of an upload, before any executor puts them into its own order.
#[derive(Clone, Debug, PartialEq)]
pub struct Folded {
    /// OIHW of a convolution, `[out_features, in_features]` of a linear layer, scales of a batch norm.
    pub weight: Vec<f32>,
    /// One value per output channel; shifts of a batch norm.
    pub bias: Vec<f32>,
}
