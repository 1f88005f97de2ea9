//! Networks of one family at different cardinalities, by one of two laws: equal cost, the comparison of the paper (Xie et al. 2017,
//! section 4 and Table 2), or equal width of each group.

use serde::{Deserialize, Serialize};

use super::{ConfigError, ResNextConfig, WidthRule};

/// Cardinality and base width of the paper's Table 2: 1×64d is ResNet itself.
pub const PAPER_FAMILY: [(usize, usize); 5] = [(1, 64), (2, 40), (4, 24), (8, 14), (32, 4)];

const CARDINALITIES: [usize; 6] = [1, 2, 4, 8, 16, 32];

/// How many times the cost of its reference a usual stop of equal width may have: beyond that it would not fit into memory.
const MOST_COST: u64 = 16;

/// What stays as it is when cardinality changes.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum Law {
    /// The cost of a block ([`block_cost`]), as nearly as a whole base width allows: groups become narrower as they become more.
    #[default]
    EqualCost,
    /// The base width: every group stays as wide as it is, and the cost grows with their number.
    EqualWidth,
}

impl Law {
    /// Both, in the order in which the page shows them.
    pub const ALL: [Self; 2] = [Self::EqualCost, Self::EqualWidth];

    /// Its name in the page's address.
    pub fn name(self) -> &'static str {
        match self {
            Self::EqualCost => "equal-cost",
            Self::EqualWidth => "equal-width",
        }
    }

    /// The law that [`Law::name`] names so.
    pub fn named(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|law| law.name() == name)
    }
}

/// The cost that Table 2 of the paper keeps equal: the weights of a block of the first stage after its first, `C·(256·d + 3·3·d·d +
/// d·256)` for C groups of d channels. It is the block's multiply-adds per pixel, too.
///
/// # Panics
/// If `config` has no stages.
pub fn block_cost(config: &ResNextConfig) -> u64 {
    let (out, width, groups) = (config.out_channels[0] as u64, config.width(0) as u64, config.groups(0).max(1) as u64);
    2 * out * width + 9 * width * width / groups
}

/// The member of the family of `config` that has this cardinality.
///
/// By [`Law::EqualCost`] its base width is the one whose [`block_cost`] is nearest; members of the paper's family are compared with
/// 1×64d, as Table 2 does. Under [`WidthRule::QuarterOut`] widths are fixed by both laws. Under [`WidthRule::PerStage`] there is no
/// rule to vary, and the family of `config` is itself.
///
/// # Errors
/// [`ConfigError`] if no network of this cardinality can be built.
///
/// # Panics
/// If `config` has no stages.
pub fn family_member(config: &ResNextConfig, law: Law, cardinality: usize) -> Result<ResNextConfig, ConfigError> {
    let with = |base_width| ResNextConfig { cardinality, base_width, ..config.clone() };
    if matches!(config.width_rule, WidthRule::PerStage { .. }) || cardinality == config.cardinality {
        return config.validate().map(|()| config.clone());
    }
    let same = with(config.base_width);
    if law == Law::EqualWidth || config.width_rule == WidthRule::QuarterOut {
        return same.validate().map(|()| same);
    }
    let target = match is_of_paper(config) {
        true => block_cost(&ResNextConfig { cardinality: 1, base_width: 64, ..config.clone() }),
        false => block_cost(config),
    };
    let mut best: Option<(u64, ResNextConfig)> = None;
    // Cost rises with base width, so the first member above the target ends the search.
    for candidate in (1..=1024).map(with).filter(|candidate| candidate.validate().is_ok()) {
        let cost = block_cost(&candidate);
        if best.as_ref().is_none_or(|(distance, _)| cost.abs_diff(target) < *distance) {
            best = Some((cost.abs_diff(target), candidate));
        }
        if cost > target {
            break;
        }
    }
    match best {
        Some((_, member)) => Ok(member),
        None => same.validate().map(|()| same),
    }
}

/// Networks of about the cost of `config` and of different cardinalities, in rising order; `config` is one of them.
///
/// A member of the paper's family gets that family; any other the member of each cardinality from 1 to 32, see [`family_member`].
///
/// # Errors
/// [`ConfigError`] if no network can be built from `config`.
///
/// # Panics
/// If `config` has no stages.
pub fn equal_cost_family(config: &ResNextConfig) -> Result<Vec<ResNextConfig>, ConfigError> {
    if is_of_paper(config) {
        let with = |(cardinality, base_width)| ResNextConfig { cardinality, base_width, ..config.clone() };
        return Ok(PAPER_FAMILY.map(with).to_vec());
    }
    family(config, Law::EqualCost)
}

/// Networks whose groups are as wide as those of `config`, in rising order of cardinality; `config` is one of them. Those that cost
/// more than 16 times as much are left out.
///
/// # Errors
/// [`ConfigError`] if no network can be built from `config`.
///
/// # Panics
/// If `config` has no stages.
pub fn equal_width_family(config: &ResNextConfig) -> Result<Vec<ResNextConfig>, ConfigError> {
    let mut members = family(config, Law::EqualWidth)?;
    let most = MOST_COST * block_cost(config);
    members.retain(|member| block_cost(member) <= most);
    Ok(members)
}

fn family(config: &ResNextConfig, law: Law) -> Result<Vec<ResNextConfig>, ConfigError> {
    config.validate()?;
    if matches!(config.width_rule, WidthRule::PerStage { .. }) {
        return Ok(vec![config.clone()]);
    }
    let mut cardinalities = CARDINALITIES.to_vec();
    if !cardinalities.contains(&config.cardinality) {
        cardinalities.push(config.cardinality);
        cardinalities.sort_unstable();
    }
    Ok(cardinalities.into_iter().filter_map(|cardinality| family_member(config, law, cardinality).ok()).collect())
}

fn is_of_paper(config: &ResNextConfig) -> bool {
    let own = (config.cardinality, config.base_width);
    config.width_rule == WidthRule::BaseWidth && config.out_channels[0] == 256 && PAPER_FAMILY.contains(&own)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn imagenet(cardinality: usize, base_width: usize) -> ResNextConfig {
        ResNextConfig::imagenet([3, 4, 6, 3], cardinality, base_width)
    }

    #[test]
    fn the_cost_of_a_block_is_that_of_table_2() {
        // The paper rounds all five to 70 k.
        let costs = PAPER_FAMILY.map(|(cardinality, base_width)| block_cost(&imagenet(cardinality, base_width)));
        assert_eq!(costs, [69_632, 69_760, 69_888, 71_456, 70_144]);
    }

    /// The rule gives the paper's own base widths from each of its networks, and others between them.
    #[test]
    fn the_law_of_equal_cost_is_the_papers_for_any_cardinality() {
        for (cardinality, base_width) in PAPER_FAMILY {
            for (other, expected) in PAPER_FAMILY.into_iter().chain([(3, 30), (16, 8), (64, 2)]) {
                let member = family_member(&imagenet(cardinality, base_width), Law::EqualCost, other).unwrap();
                assert_eq!(
                    (member.cardinality, member.base_width),
                    (other, expected),
                    "of {cardinality}×{base_width}d"
                );
            }
        }
    }

    #[test]
    fn no_base_width_is_nearer_in_cost() {
        let own = ResNextConfig::cifar(2, 8, 8);
        for cardinality in 1..=64 {
            let member = family_member(&own, Law::EqualCost, cardinality).unwrap();
            let distance = block_cost(&member).abs_diff(block_cost(&own));
            for base_width in 1..100 {
                let other = ResNextConfig { base_width, ..member.clone() };
                assert!(distance <= block_cost(&other).abs_diff(block_cost(&own)), "{}", member.template());
            }
        }
    }

    #[test]
    fn groups_of_equal_width_cost_more_as_they_become_more() {
        let members = equal_width_family(&ResNextConfig::cifar(2, 8, 8)).unwrap();
        assert_eq!(
            members.iter().map(ResNextConfig::template).collect::<Vec<_>>(),
            ["1×8d", "2×8d", "4×8d", "8×8d", "16×8d", "32×8d"]
        );
        let one = block_cost(&members[0]);
        assert!(members.iter().all(|member| block_cost(member) == one * member.cardinality as u64));
        let wide: Vec<_> =
            equal_width_family(&imagenet(1, 64)).unwrap().iter().map(|member| member.cardinality).collect();
        assert_eq!(wide, [1, 2, 4, 8, 16], "32 would cost more than 16 times as much");
    }

    #[test]
    fn fixed_widths_take_the_cardinalities_that_divide_them() {
        let fixed = ResNextConfig { width_rule: WidthRule::QuarterOut, ..ResNextConfig::cifar(2, 8, 8) };
        for law in Law::ALL {
            assert!(family_member(&fixed, law, 16).is_ok());
            assert_eq!(
                family_member(&fixed, law, 6),
                Err(ConfigError::CardinalityDoesNotDivide { stage: 1, width: 64, cardinality: 6 })
            );
            assert_eq!(Law::named(law.name()), Some(law));
        }
    }
}
