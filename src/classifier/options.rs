//! The options of loading a network.

use crate::model::BlockForm;
use crate::plan::{FEATURES, GpuDtype, PlanKind, PlanOptions, Tuning};

/// The options of loading. A [`PlanKind`] and a [`PlanOptions`] convert to one, with defaults for the rest.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LoadOptions {
    /// Whether operations are fused.
    pub plan: PlanKind,
    /// Type of the weights on the GPU: f16 halves their memory and rounds them after batch norm is folded in.
    pub weight_dtype: GpuDtype,
    /// Kernels for the GPU; `None` for those that were chosen by measuring it.
    pub tuning: Option<Tuning>,
    /// Pictures per run.
    pub batch: usize,
    /// The block's form, A, B or C (Xie et al. 2017, Fig. 3).
    pub form: BlockForm,
    /// Layers and blocks, by PyTorch's names such as `layer1.0` or `layer2.1.conv2`, whose outputs are read back in every run.
    pub outputs: Vec<String>,
    /// Whether the network runs once on zeros after loading, so that the first picture takes no longer than the others.
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
    /// With the [`features`](super::Classification::features) of each picture beside its answer, out of the same run: some kilobytes
    /// more are read back.
    pub fn with_features(mut self) -> Self {
        self.outputs.push(FEATURES.to_owned());
        self
    }

    /// The part of the options that the plan depends on.
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
