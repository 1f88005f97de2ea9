//! The terms of the paper, each explained in one plain sentence.

use crate::model::{ResNextConfig, WidthRule};
use crate::plan::{PlanKind, WeightDtype};

/// Of `8×8d`, or of `3 groups, widths 15-30-60`.
pub fn template_explained(config: &ResNextConfig) -> String {
    if matches!(config.width_rule, WidthRule::PerStage { .. }) {
        return "Groups and channels of the 3×3 convolutions, stage by stage where they differ. The paper’s notation (32×4d) does not \
                fit: the stages do not follow one cardinality and width."
            .into();
    }
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

/// A network on the dial: `8 groups, base width 8`.
pub fn setting(config: &ResNextConfig) -> String {
    match (&config.width_rule, config.cardinality) {
        (WidthRule::PerStage { .. }, _) => config.template(),
        (_, 1) => format!("One group: a plain ResNet, base width {}", config.base_width),
        (_, groups) => format!("{groups} groups, base width {}", config.base_width),
    }
}

/// What the dial's stop does, after the network's `8×8d`.
pub fn setting_explained(config: &ResNextConfig) -> String {
    match (&config.width_rule, config.cardinality) {
        (WidthRule::PerStage { .. }, _) => {
            ": these widths follow no rule, so there is no network of equal cost to compare it with.".into()
        }
        (_, 1) => ": one group, which is a plain ResNet.".into(),
        (_, groups) => {
            format!(": each 3×3 convolution has {groups} independent groups, widened so that the cost stays equal.")
        }
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn widths_without_a_rule_are_told_as_they_are() {
        let plain = ResNextConfig::cifar(1, 3, 8);
        let free = |groups: [usize; 3]| ResNextConfig {
            base_width: 0,
            width_rule: WidthRule::PerStage { widths: vec![15, 30, 60], groups: groups.to_vec() },
            ..plain.clone()
        };
        assert_eq!(setting(&free([3, 3, 3])), "3 groups, widths 15-30-60");
        assert_eq!(setting(&ResNextConfig { cardinality: 1, ..free([1, 1, 1]) }), "1 group, widths 15-30-60");
        assert_eq!(free([3, 5, 15]).title(), "ResNeXt-11, 3-5-15 groups, widths 15-30-60");
        assert!(template_explained(&free([3, 3, 3])).contains("does not fit"));
        assert!(setting_explained(&free([3, 3, 3])).contains("no network of equal cost"));
        assert_eq!(setting(&plain), "3 groups, base width 8");
        assert!(setting_explained(&plain).contains("3 independent groups"));
    }
}
