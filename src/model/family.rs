//! Networks of equal cost at different cardinalities, the comparison of the paper (Xie et al. 2017, section 4 and Table 2).

use super::{BlockForm, Graph, GraphError, ResNextConfig, WidthRule};

/// Cardinality and base width of the paper's Table 2: 1×64d is ResNet itself.
pub const PAPER_FAMILY: [(usize, usize); 5] = [(1, 64), (2, 40), (4, 24), (8, 14), (32, 4)];

const CARDINALITIES: [usize; 6] = [1, 2, 4, 8, 16, 32];

/// Networks of about the cost of `config` and of different cardinalities, in rising order; `config` is one of them.
///
/// A member of the paper's family gets that family. Any other gets, for each cardinality from 1 to 32, the base width
/// whose multiply-adds are nearest to its own at its usual input size. Under [`WidthRule::QuarterOut`] the widths are
/// fixed and only the number of groups changes. Under [`WidthRule::PerStage`] there is no rule to vary, and `config` is alone.
///
/// # Errors
/// [`GraphError`] if no graph can be built from `config` or from a member of its family.
///
/// # Panics
/// If `config` has no stages.
pub fn equal_cost_family(config: &ResNextConfig) -> Result<Vec<ResNextConfig>, GraphError> {
    if matches!(config.width_rule, WidthRule::PerStage { .. }) {
        config.validate()?;
        return Ok(vec![config.clone()]);
    }
    let with = |(cardinality, base_width)| ResNextConfig { cardinality, base_width, ..config.clone() };
    let own = (config.cardinality, config.base_width);
    if config.width_rule == WidthRule::BaseWidth && config.out_channels[0] == 256 && PAPER_FAMILY.contains(&own) {
        return Ok(PAPER_FAMILY.map(with).to_vec());
    }
    let target = macs(config)?;
    let mut family = Vec::new();
    for cardinality in CARDINALITIES {
        if cardinality == config.cardinality {
            family.push(config.clone());
        } else if config.width_rule == WidthRule::QuarterOut {
            family.extend(Some(with((cardinality, own.1))).filter(|c| c.validate().is_ok()));
        } else if let Some(member) = nearest_cost(target, |base_width| with((cardinality, base_width)))? {
            family.push(member);
        }
    }
    if !CARDINALITIES.contains(&config.cardinality) {
        let place = family.partition_point(|member| member.cardinality < config.cardinality);
        family.insert(place, config.clone());
    }
    Ok(family)
}

/// The member whose cost is nearest to `target`; cost rises with base width, so the first member above it ends the search.
fn nearest_cost(target: u64, member: impl Fn(usize) -> ResNextConfig) -> Result<Option<ResNextConfig>, GraphError> {
    let mut best: Option<(u64, ResNextConfig)> = None;
    for base_width in 1..=1024 {
        let candidate = member(base_width);
        if candidate.validate().is_err() {
            continue;
        }
        let cost = macs(&candidate)?;
        if best.as_ref().is_none_or(|(distance, _)| cost.abs_diff(target) < *distance) {
            best = Some((cost.abs_diff(target), candidate));
        }
        if cost > target {
            break;
        }
    }
    Ok(best.map(|(_, config)| config))
}

fn macs(config: &ResNextConfig) -> Result<u64, GraphError> {
    let side = config.stem.default_input_size();
    Ok(Graph::build(config, 1, (side, side), BlockForm::C)?.macs())
}
