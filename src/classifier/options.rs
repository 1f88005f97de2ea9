//! What a network is loaded with.

use crate::model::BlockForm;
use crate::plan::{PlanKind, PlanOptions, Tuning, WeightDtype};

/// What loading depends on besides the network. A [`PlanKind`] and a [`PlanOptions`] become one, with everything else as usual.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LoadOptions {
    /// Whether operations are fused.
    pub plan: PlanKind,
    /// f16 halves the memory of the weights, and rounds them after batch norm is folded in.
    pub weight_dtype: WeightDtype,
    /// Kernels for the GPU; unless given, those that were measured on it.
    pub tuning: Option<Tuning>,
    /// Pictures in each run.
    pub batch: usize,
    /// The block's form, A, B or C (Xie et al. 2017, Fig. 3).
    pub form: BlockForm,
    /// Layers and blocks, by PyTorch's names such as `layer1.0` or `layer2.1.conv2`, whose outputs are read back in every run.
    pub outputs: Vec<String>,
    /// Whether it runs once on zeros, so that the first picture is answered as fast as the others.
    pub warm_up: bool,
}

impl Default for LoadOptions {
    /// The fused plan with weights in f32, one picture per run, grouped convolutions, logits and probabilities alone,
    /// warmed up.
    fn default() -> Self {
        PlanOptions::default().into()
    }
}

impl LoadOptions {
    /// What of it the plan depends on.
    pub(super) fn plan_options(&self) -> PlanOptions {
        PlanOptions { kind: self.plan, weight_dtype: self.weight_dtype, tuning: self.tuning }
    }
}

impl From<PlanOptions> for LoadOptions {
    fn from(PlanOptions { kind, weight_dtype, tuning }: PlanOptions) -> Self {
        Self { plan: kind, weight_dtype, tuning, batch: 1, form: BlockForm::C, outputs: Vec::new(), warm_up: true }
    }
}

impl From<PlanKind> for LoadOptions {
    /// With weights in f32.
    fn from(kind: PlanKind) -> Self {
        PlanOptions::from(kind).into()
    }
}
