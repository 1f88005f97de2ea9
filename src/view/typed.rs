//! A depth, cardinality or base width that a visitor types: the dial that it gives, or why no network has it and which do.

use std::sync::Arc;

use super::number::count;
use super::words::sentence;
use crate::model::{BlockForm, ConfigError, Graph, Law, ResNextConfig, Stem, WidthRule, block_cost, family_member};
use crate::zoo::{DialSettings, at_depth};

/// The share by which the cost of a block of any cardinality may differ from its reference and still be called equal.
pub const TOLERANCE: f64 = 0.15;
/// More parameters than this do not fit beside the page: 0.8 GB of weights in f32.
const MOST_PARAMETERS: u64 = 200_000_000;

/// What was typed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Typed {
    /// Number of layers.
    Depth(usize),
    /// Number of groups; the base width follows from the law.
    Groups(usize),
    /// Channels per group at the stop that is chosen, which becomes the reference of the dial.
    BaseWidth(usize),
    /// Cardinality and base width of the reference.
    Reference(usize, usize),
}

/// The dial and the cardinality that it is to be turned to.
///
/// # Errors
/// Why there is no such network, as sentences that name the nearest values that there are.
pub fn typed(
    own: &Arc<Graph>,
    now: &DialSettings,
    chosen: usize,
    typed: Typed,
) -> Result<(DialSettings, usize), String> {
    let (settings, cardinality) = match typed {
        Typed::Depth(depth) => (DialSettings { depth, ..*now }, chosen),
        Typed::Groups(groups) => (DialSettings { typed: Some(groups), ..*now }, groups),
        Typed::BaseWidth(base_width) => {
            (DialSettings { reference: Some((chosen, base_width)), typed: None, ..*now }, chosen)
        }
        Typed::Reference(groups, base_width) => {
            (DialSettings { reference: Some((groups, base_width)), ..*now }, chosen)
        }
    };
    let base = settings.base(&own.config);
    match typed {
        Typed::Depth(depth) => of_depth(&own.config, depth)?,
        Typed::Groups(groups) => of_groups(&base, settings.law, groups)?,
        Typed::BaseWidth(_) | Typed::Reference(..) => of_width(&base)?,
    }
    let config = match typed {
        Typed::Groups(groups) => family_member(&base, settings.law, groups).map_err(|error| error.to_string())?,
        _ => base,
    };
    let shape = own.input_shape();
    let graph = Graph::build(&config, 1, (shape.h, shape.w), BlockForm::C).map_err(|error| error.to_string())?;
    if graph.parameters() > MOST_PARAMETERS {
        let (parameters, most) = (count(graph.parameters()), count(MOST_PARAMETERS));
        let title = config.title();
        return Err(format!(
            "{title} would have {parameters} parameters; this page builds networks of at most {most}."
        ));
    }
    Ok((settings, cardinality))
}

fn of_depth(own: &ResNextConfig, depth: usize) -> Result<(), String> {
    let exists = |depth: usize| at_depth(own, depth).depth() == depth;
    if exists(depth) {
        return Ok(());
    }
    let near = near(depth, 200, exists);
    let rule = match (own.stem, own.blocks.len()) {
        (Stem::Cifar, 3) => "A ResNeXt of three stages has 9n + 2 layers: n blocks of three layers in each stage.",
        _ => {
            "There is no ResNeXt of this many layers: three per block, and the blocks of each stage are those of ResNet."
        }
    };
    Err(format!("{rule} Near {depth}: {near}."))
}

fn of_groups(base: &ResNextConfig, law: Law, groups: usize) -> Result<(), String> {
    if matches!(base.width_rule, WidthRule::PerStage { .. }) && groups != base.cardinality {
        return Err("The widths of this network follow no rule, so its cardinality cannot be changed.".into());
    }
    let share = |member: &ResNextConfig| block_cost(member) as f64 / block_cost(base) as f64 - 1.0;
    let is_equal = |member: &ResNextConfig| law == Law::EqualWidth || share(member).abs() <= TOLERANCE;
    let exists = |groups: usize| family_member(base, law, groups).is_ok_and(|member| is_equal(&member));
    match family_member(base, law, groups) {
        _ if groups == 0 => Err("A convolution has at least 1 group.".into()),
        Ok(member) if !is_equal(&member) => {
            let (template, more) = (member.template(), if share(&member) > 0.0 { "more" } else { "less" });
            let percent = share(&member).abs() * 100.0;
            let near = near(groups, 4096, exists);
            Err(format!(
                "No base width gives {groups} groups the cost of {}: the nearest, {template}, costs {percent:.0} % {more}. \
                 Near {groups}: {near}.",
                base.template()
            ))
        }
        Ok(_) => Ok(()),
        Err(ConfigError::CardinalityDoesNotDivide { stage, width, cardinality }) => {
            let near = near(groups, width, exists);
            Err(format!("{cardinality} does not divide the {width} channels of layer{stage}. Near {groups}: {near}."))
        }
        Err(error) => Err(sentence(&error.to_string())),
    }
}

fn of_width(base: &ResNextConfig) -> Result<(), String> {
    match (&base.width_rule, base.validate()) {
        (WidthRule::BaseWidth, Ok(())) => Ok(()),
        (WidthRule::BaseWidth, Err(error)) => {
            let exists = |base_width| ResNextConfig { base_width, ..base.clone() }.validate().is_ok();
            let near = near(base.base_width, 4096, exists);
            Err(format!("{} Near {}: {near}.", sentence(&error.to_string()), base.base_width))
        }
        _ => Err("The widths of this network are fixed: there is no base width to change.".into()),
    }
}

/// `29 and 38`: the nearest values up to `most` that there are on both sides.
fn near(value: usize, most: usize, exists: impl Fn(usize) -> bool) -> String {
    let below = (1..value.min(most + 1)).rev().find(|&near| exists(near));
    let above = (value.min(most) + 1..=most).find(|&near| exists(near));
    match (below, above) {
        (Some(below), Some(above)) => format!("{below} and {above}"),
        (Some(only), None) | (None, Some(only)) => only.to_string(),
        (None, None) => "none".into(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::zoo::{Listed, Network, offers};

    fn of(config: ResNextConfig, what: Typed) -> Result<(DialSettings, usize), String> {
        let depth = config.depth();
        let listed = Listed::new(Network::offer("any", "Any", "anything", config.clone(), Vec::new())).unwrap();
        typed(listed.graph(), &DialSettings::at(depth), config.cardinality, what)
    }

    fn cifar() -> ResNextConfig {
        offers().remove(0).config
    }

    #[test]
    fn what_exists_is_taken() {
        assert_eq!(of(cifar(), Typed::Depth(38)), Ok((DialSettings::at(38), 8)));
        let six = DialSettings { typed: Some(6), ..DialSettings::at(20) };
        assert_eq!(of(cifar(), Typed::Groups(6)), Ok((six, 6)));
        let wide = DialSettings { reference: Some((8, 12)), ..DialSettings::at(20) };
        assert_eq!(of(cifar(), Typed::BaseWidth(12)), Ok((wide, 8)));
    }

    #[test]
    fn an_impossible_value_names_what_is_near() {
        let told = |config, what| of(config, what).unwrap_err();
        let depth = told(cifar(), Typed::Depth(30));
        assert!(depth.contains("9n + 2") && depth.ends_with("Near 30: 29 and 38."), "{depth}");
        let imagenet = ResNextConfig::imagenet([3, 4, 6, 3], 32, 4);
        assert!(told(imagenet.clone(), Typed::Depth(60)).ends_with("Near 60: 50 and 101."));
        let fixed = ResNextConfig { width_rule: WidthRule::QuarterOut, ..cifar() };
        let groups = told(fixed.clone(), Typed::Groups(6));
        assert_eq!(groups, "6 does not divide the 64 channels of layer1. Near 6: 4 and 8.");
        assert!(told(fixed, Typed::BaseWidth(9)).contains("fixed"));
        let cost = told(cifar(), Typed::Groups(48));
        assert_eq!(
            cost,
            "No base width gives 48 groups the cost of 8×8d: the nearest, 48×1d, costs 33 % less. Near 48: 40 and 61."
        );
        assert!(told(cifar(), Typed::Groups(0)).contains("at least 1"));
        let narrow = ResNextConfig { out_channels: vec![64, 128, 256], base_width: 8, ..cifar() };
        let width = told(narrow, Typed::BaseWidth(3));
        assert!(width.ends_with("Near 3: 4."), "{width}");
        assert!(told(imagenet, Typed::BaseWidth(200)).contains("parameters"));
        for what in
            [Typed::Depth(usize::MAX), Typed::Groups(usize::MAX), Typed::BaseWidth(usize::MAX), Typed::BaseWidth(0)]
        {
            assert!(of(cifar(), what).is_err());
        }
    }

    #[test]
    fn widths_without_a_rule_cannot_be_turned() {
        let free = ResNextConfig {
            base_width: 0,
            width_rule: WidthRule::PerStage { widths: vec![15, 30, 60], groups: vec![3, 3, 3] },
            ..ResNextConfig::cifar(1, 3, 8)
        };
        for what in [Typed::Groups(5), Typed::BaseWidth(5)] {
            assert!(of(free.clone(), what).is_err());
        }
    }
}
