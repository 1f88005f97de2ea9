//! What a plan depends on besides the graph.

use crate::kernels::{Tuning, WeightDtype};

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
    pub weight_dtype: WeightDtype,
    /// Kernels for the GPU; unless given, those that were measured on it.
    pub tuning: Option<Tuning>,
}

impl From<PlanKind> for PlanOptions {
    /// With weights in f32.
    fn from(kind: PlanKind) -> Self {
        Self { kind, weight_dtype: WeightDtype::F32, tuning: None }
    }
}
