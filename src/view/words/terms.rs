//! The terms of the paper, each explained in one plain sentence.

use crate::model::{Law, ResNextConfig, WidthRule, block_cost};
use crate::plan::{GpuDtype, PlanKind};
use crate::view::number::grouped;

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
pub fn setting_explained(config: &ResNextConfig, law: Law) -> String {
    match (&config.width_rule, config.cardinality) {
        (WidthRule::PerStage { .. }, _) => {
            ": these widths follow no rule, so there is no network of equal cost to compare it with.".into()
        }
        (_, 1) => ": one group, which is a plain ResNet.".into(),
        (_, groups) => {
            let law = match law {
                Law::EqualCost => ", widened so that the cost stays equal",
                Law::EqualWidth => " of one width, so the cost grows with them",
            };
            format!(": each 3×3 convolution has {groups} independent groups{law}.")
        }
    }
}

/// Of a law, as the dial's heading has it.
pub fn dial(law: Law) -> &'static str {
    match law {
        Law::EqualCost => "Number of groups (cardinality), at equal cost",
        Law::EqualWidth => "Number of groups (cardinality), of equal width",
    }
}

/// Of a law, as a choice.
pub fn law(law: Law) -> &'static str {
    match law {
        Law::EqualCost => "equal cost",
        Law::EqualWidth => "equal width",
    }
}

/// Of a law, in a sentence.
pub fn law_explained(law: Law) -> &'static str {
    match law {
        Law::EqualCost => {
            "More groups are narrower groups: the base width for which a block’s cost is nearest (the paper’s Table 2)"
        }
        Law::EqualWidth => "Every group stays as wide as it is: more groups cost more",
    }
}

/// What the cost of a block is, here and at the dial's reference.
pub fn block_cost_explained(config: &ResNextConfig, reference: &ResNextConfig) -> String {
    let (here, there) = (block_cost(config), block_cost(reference));
    let difference = match (here as f64 / there.max(1) as f64 - 1.0) * 100.0 {
        none if here == there || none == 0.0 => String::new(),
        percent => format!(" ({percent:+.1} %)"),
    };
    let out = config.out_channels.first().copied().unwrap_or_default();
    format!(
        "The cost that is kept equal is that of a block of layer1: C·({out}·d + 3·3·d·d + d·{out}) weights for C groups of d \
         channels, which are its multiply-adds per pixel, too. {}: {}{difference}; the reference {}: {}.",
        config.template(),
        grouped(here),
        reference.template(),
        grouped(there),
    )
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
pub fn weights_explained(dtype: GpuDtype) -> &'static str {
    match dtype {
        GpuDtype::F32 => "f32: each weight takes 32 bits (single precision).",
        GpuDtype::F16 => "f16: each weight takes 16 bits on the GPU (half precision): half the memory, rounded values.",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_cost_is_told_with_its_formula_and_its_difference() {
        let (own, other) = (ResNextConfig::cifar(2, 8, 8), ResNextConfig::cifar(2, 32, 2));
        let told = block_cost_explained(&other, &own);
        assert!(told.contains("C·(256·d + 3·3·d·d + d·256)"), "{told}");
        assert!(told.ends_with("32×2d: 33,920 (-9.2 %); the reference 8×8d: 37,376."), "{told}");
        assert!(block_cost_explained(&own, &own).ends_with("8×8d: 37,376; the reference 8×8d: 37,376."));
    }

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
        assert!(setting_explained(&free([3, 3, 3]), Law::EqualCost).contains("no network of equal cost"));
        assert_eq!(setting(&plain), "3 groups, base width 8");
        assert!(setting_explained(&plain, Law::EqualCost).contains("3 independent groups, widened"));
        assert!(setting_explained(&plain, Law::EqualWidth).contains("groups of one width, so the cost grows"));
    }
}
