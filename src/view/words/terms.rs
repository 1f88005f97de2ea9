//! The terms of the paper, each explained in one plain sentence.

use crate::model::ResNextConfig;
use crate::plan::{PlanKind, WeightDtype};

/// Of `8×8d`.
pub fn template_explained(config: &ResNextConfig) -> String {
    let (groups, width) = (config.cardinality, config.base_width);
    match groups {
        1 => format!(
            "Cardinality 1 × width {width}d: the 3×3 convolutions of the first stage have {width} channels, all in one group."
        ),
        _ => format!(
            "Cardinality × width, as the paper writes it: {groups} groups, each {width} channels wide in the first stage \
             (“bottleneck width {width}d”), twice as wide in each stage after it."
        ),
    }
}

/// Of a plan.
pub fn plan_explained(plan: PlanKind) -> &'static str {
    match plan {
        PlanKind::Fused => {
            "Fused: a convolution, its batch norm, ReLU and the addition of the shortcut run as one step on the device."
        }
        PlanKind::Plain => "Plain: every layer of the paper’s network is a step of its own, as it is written down.",
    }
}

/// Of a number format of weights.
pub fn weights_explained(dtype: WeightDtype) -> &'static str {
    match dtype {
        WeightDtype::F32 => "f32: each weight takes 32 bits (single precision).",
        WeightDtype::F16 => {
            "f16: each weight takes 16 bits on the GPU (half precision): half the memory, rounded values."
        }
    }
}
