//! What a plan depends on besides the graph.

use crate::kernels::{GpuDtype, HAS_F16_ACTIVATIONS, Tuning};
use crate::model::{Graph, Op, TensorId};

/// How a graph becomes dispatches. Both give the same numbers.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, serde::Serialize, serde::Deserialize)]
pub enum PlanKind {
    /// Convolution, then batch norm + ReLU, then residual add, each its own dispatch.
    Plain,
    /// Batch norm folded into the weights; bias, ReLU and residual in the convolution's epilogue.
    #[default]
    Fused,
}

/// What a plan depends on besides the graph.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub struct PlanOptions {
    /// Which layers one dispatch computes.
    pub kind: PlanKind,
    /// f16 halves the memory of the weights, and rounds them after batch norm is folded in.
    pub weight_dtype: GpuDtype,
    /// Kernels for the GPU; unless given, those that were measured on it.
    pub tuning: Option<Tuning>,
}

impl PlanOptions {
    /// Whether activations are stored in f16.
    pub fn activation_f16(self) -> bool {
        HAS_F16_ACTIVATIONS && self.tuning.is_some_and(|tuning| tuning.activation_f16)
    }

    /// How an activation is stored. The few values after the average over the last block are always f32.
    pub(super) fn dtype(self, graph: &Graph, tensor: TensorId) -> GpuDtype {
        let is_small = |op| matches!(op, Op::GlobalAvgPool | Op::Linear { .. } | Op::Softmax | Op::Sigmoid);
        let small = || graph.layers.iter().any(|layer| layer.output == tensor && is_small(layer.op));
        GpuDtype::f16_if(self.activation_f16() && !small())
    }
}

impl From<PlanKind> for PlanOptions {
    /// With weights in f32.
    fn from(kind: PlanKind) -> Self {
        Self { kind, weight_dtype: GpuDtype::F32, tuning: None }
    }
}
