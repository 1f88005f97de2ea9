//! Infers the architecture from the tensors' shapes.

use std::collections::BTreeMap;

use super::WeightError;
use super::header::Entry;
use super::shapes::{Layers, Shapes, to_usize, too_large};
use super::unsupported::stage_and_block;
use crate::model::{ConfigError, EXPANSION, ResNextConfig, Stem, WidthRule};

/// Bounds on the stages and blocks that names may claim, so that one name cannot keep the loader busy for hours.
const MAX_STAGES: usize = 8;
const MAX_BLOCKS: usize = 256;

/// What follows from shapes alone; strides, and the choice among base widths of one result, come from the file's `config`.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Inferred {
    pub blocks: Vec<usize>,
    pub out_channels: Vec<usize>,
    pub widths: Vec<usize>,
    /// Groups of the 3×3 convolutions of each stage.
    pub groups: Vec<usize>,
    /// Whether the first block of each stage has a convolution on its shortcut.
    pub downsample: Vec<bool>,
    /// Rows of `fc`; 0 where there is no head.
    pub num_classes: usize,
    pub head_bias: bool,
    pub in_channels: usize,
    pub stem: Stem,
    pub stem_channels: usize,
    pub conv_bias: bool,
}

/// Infers the architecture from the tensors that are present.
///
/// Every size is looked up in more than one tensor, so that a single missing tensor is reported as missing by the check
/// that follows, and not as an inconsistent size here.
pub(super) fn infer(entries: &BTreeMap<String, Entry>) -> Result<Inferred, WeightError> {
    let shapes = Shapes(entries);
    let blocks = count_blocks(entries)?;
    let (stem, in_channels) = stem(&shapes, blocks.len())?;
    let mut widths = Vec::new();
    let (mut out_channels, mut groups) = (Vec::new(), Vec::new());
    for (stage, &count) in blocks.iter().enumerate() {
        let layers = Layers { stage: stage + 1, blocks: count };
        let width = layers
            .find(&shapes, &[("conv2.weight", 0), ("conv1.weight", 0), ("conv3.weight", 1), ("bn2.weight", 0)])?;
        let out = layers.find(&shapes, &[("conv3.weight", 0), ("bn3.weight", 0), ("downsample.0.weight", 0)])?;
        widths.push(width);
        out_channels.push(out);
        groups.push(cardinality(&shapes, &layers)?);
    }
    let downsample = (1..=blocks.len()).map(|stage| shapes.any(&format!("layer{stage}.0.downsample."))).collect();
    Ok(Inferred {
        num_classes: shapes.first(&[("fc.weight", 0), ("fc.bias", 0)])?.unwrap_or(0),
        head_bias: entries.contains_key("fc.bias"),
        stem_channels: shapes
            .first(&[("conv1.weight", 0), ("bn1.weight", 0), ("layer1.0.conv1.weight", 1)])?
            .unwrap_or(64),
        conv_bias: has_biases(entries),
        blocks,
        out_channels,
        widths,
        groups,
        downsample,
        in_channels,
        stem,
    })
}

impl Inferred {
    /// Output channels of stage `stage` (from 1), or of the stem for 0.
    pub(super) fn out_channels(&self, stage: usize) -> usize {
        if stage == 0 { self.stem_channels } else { self.out_channels[stage - 1] }
    }

    /// The usual strides (1, then 2), except in a stage that keeps its channels: there a convolution on the shortcut
    /// means that the size changes, and an identity shortcut that it does not.
    pub(super) fn usual_strides(&self) -> Vec<usize> {
        (0..self.blocks.len())
            .map(|stage| match (self.keeps_channels(stage), self.downsample[stage]) {
                (false, _) => 1 + usize::from(stage > 0),
                (true, false) => 1,
                (true, true) => 2,
            })
            .collect()
    }

    /// Whether stage `stage` (from 0) has as many output channels as input channels.
    fn keeps_channels(&self, stage: usize) -> bool {
        self.out_channels(stage) == self.out_channels(stage + 1)
    }

    /// Refuses strides of the wrong number, strides of zero, and strides that contradict the shortcuts.
    pub(super) fn check_strides(&self, strides: &[usize]) -> Result<(), WeightError> {
        let refuse = |expected| Err(WeightError::Strides { expected, got: strides.to_vec() });
        if strides.len() != self.blocks.len() {
            return refuse(format!("one for each of the {} stages", self.blocks.len()));
        }
        for (stage, &stride) in strides.iter().enumerate() {
            if !(1..=8).contains(&stride) {
                return refuse("numbers from 1 to 8".to_owned());
            }
            if self.keeps_channels(stage) && self.downsample[stage] != (stride > 1) {
                let (has, wanted) = if self.downsample[stage] { ("has a", "more than 1") } else { ("has no", "1") };
                return refuse(format!(
                    "{wanted} for layer{}, whose shortcut {has} convolution between equal channels",
                    stage + 1
                ));
            }
        }
        Ok(())
    }

    /// The cardinality, if all stages have the same.
    pub(super) fn cardinality(&self) -> Option<usize> {
        let first = *self.groups.first()?;
        self.groups.iter().all(|&groups| groups == first).then_some(first)
    }

    /// A quarter of the output of each stage, if all are whole.
    pub(super) fn planes(&self) -> Option<Vec<usize>> {
        self.out_channels.iter().map(|&out| out.is_multiple_of(EXPANSION).then_some(out / EXPANSION)).collect()
    }

    /// Base widths `b` with `int(planes * b / 64) * cardinality` equal to every stage's width.
    ///
    /// Planes below 64 leave a range: with 32 planes, base widths 32 and 33 both give 16 channels per group.
    fn base_widths(&self) -> Option<std::ops::RangeInclusive<usize>> {
        let cardinality = self.cardinality()?;
        let (mut low, mut high) = (1, u64::MAX);
        for (planes, &width) in self.planes()?.into_iter().zip(&self.widths) {
            if !width.is_multiple_of(cardinality) || planes == 0 {
                return None;
            }
            let (planes, per_group) = (planes as u64, (width / cardinality) as u64);
            low = low.max((64 * per_group).div_ceil(planes));
            high = high.min((64 * (per_group + 1) - 1) / planes);
        }
        let range = usize::try_from(low).ok()?..=usize::try_from(high).ok()?;
        (!range.is_empty()).then_some(range)
    }

    /// The configuration, with `strides` and, if they fit, the stated base width and rule.
    ///
    /// The rules are tried in this order: if every width is a quarter of the output and a base width fits too, the base width is
    /// reported, because the shapes do not distinguish the two; where neither fits, the widths are told as they are. `None` if a
    /// stated rule does not fit.
    pub(super) fn config(
        &self,
        strides: Vec<usize>,
        base_width: Option<usize>,
        rule: Option<StatedRule>,
    ) -> Result<Option<ResNextConfig>, WeightError> {
        let first = self.groups.first().copied().unwrap_or(1);
        let quarter = self.cardinality().is_some() && self.planes().is_some_and(|planes| planes == self.widths);
        let stated = |it| rule.is_none_or(|rule| rule == it);
        let (width_rule, base_width) = match self.base_widths() {
            Some(range) if stated(StatedRule::BaseWidth) => {
                let base_width = base_width.filter(|width| range.contains(width));
                (WidthRule::BaseWidth, base_width.unwrap_or(*range.start()))
            }
            _ if quarter && stated(StatedRule::QuarterOut) => {
                (WidthRule::QuarterOut, base_width.unwrap_or((64 / first).max(1)))
            }
            _ if stated(StatedRule::PerStage) => {
                (WidthRule::PerStage { widths: self.widths.clone(), groups: self.groups.clone() }, 0)
            }
            _ => return Ok(None),
        };
        let config = ResNextConfig {
            blocks: self.blocks.clone(),
            out_channels: self.out_channels.clone(),
            strides,
            stride_in_1x1: false,
            cardinality: first,
            base_width,
            width_rule,
            num_classes: self.num_classes,
            head_bias: self.head_bias,
            in_channels: self.in_channels,
            stem: self.stem,
            stem_channels: self.stem_channels,
            conv_bias: self.conv_bias,
        };
        config.validate()?;
        Ok(Some(config))
    }
}

/// The `width_rule` that a description states.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum StatedRule {
    BaseWidth,
    QuarterOut,
    PerStage,
}

/// Blocks per stage: the highest block number in the names, plus one. A gap is reported later, as missing tensors.
fn count_blocks(entries: &BTreeMap<String, Entry>) -> Result<Vec<usize>, WeightError> {
    let mut blocks = Vec::new();
    for (stage, block) in entries.keys().filter_map(|name| stage_and_block(name)) {
        if stage == 0 || stage > MAX_STAGES {
            return Err(ConfigError::Stages { blocks: stage, out_channels: stage, strides: stage }.into());
        }
        if block >= MAX_BLOCKS {
            return Err(
                ConfigError::TooLarge { what: "blocks", value: block.saturating_add(1), limit: MAX_BLOCKS }.into()
            );
        }
        blocks.resize(blocks.len().max(stage), 0);
        blocks[stage - 1] = blocks[stage - 1].max(block + 1);
    }
    if let Some(stage) = blocks.iter().position(|&count| count == 0) {
        return Err(ConfigError::EmptyStage { stage: stage + 1 }.into());
    }
    let stages = blocks.len();
    if !(3..=4).contains(&stages) {
        return Err(ConfigError::Stages { blocks: stages, out_channels: stages, strides: stages }.into());
    }
    Ok(blocks)
}

/// The stem's kind and its input channels.
fn stem(shapes: &Shapes<'_>, stages: usize) -> Result<(Stem, usize), WeightError> {
    let usual = if stages == 3 { Stem::Cifar } else { Stem::Imagenet };
    let Some(shape) = shapes.of("conv1.weight", 4)? else {
        return Ok((usual, 3));
    };
    let stem = match shape[2..] {
        [7, 7] => Stem::Imagenet,
        [3, 3] => Stem::Cifar,
        _ => return Err(WeightError::Stem { height: shape[2], width: shape[3] }),
    };
    Ok((stem, to_usize("conv1.weight", shape, 1)?))
}

/// The cardinality of a stage: the groups of its 3×3 convolutions, which must be equal in all of its blocks.
fn cardinality(shapes: &Shapes<'_>, layers: &Layers) -> Result<usize, WeightError> {
    let mut found: Option<(String, u64)> = None;
    let names = (0..layers.blocks).map(|block| format!("layer{}.{block}.conv2.weight", layers.stage));
    for tensor in names.clone() {
        let Some(shape) = shapes.of(&tensor, 4)? else { continue };
        let (out_channels, per_group) = (shape[0], shape[1]);
        let groups = out_channels.checked_div(per_group).filter(|groups| groups * per_group == out_channels);
        match (&found, groups) {
            (None, Some(groups)) => found = Some((tensor, groups)),
            (Some((_, expected)), Some(groups)) if *expected == groups => {}
            (Some((reference, expected)), _) => {
                let (reference, expected) = (reference.clone(), *expected);
                return Err(WeightError::Cardinality { tensor, reference, expected, got: shape.to_vec() });
            }
            (None, None) => {
                let expected = "[width, width / cardinality, 3, 3]";
                return Err(WeightError::Rank { tensor, expected, got: shape.to_vec() });
            }
        }
    }
    match found {
        Some((tensor, groups)) => {
            usize::try_from(groups).map_err(|_| too_large(&tensor, shapes.of(&tensor, 4).ok().flatten()))
        }
        None => Err(WeightError::Mismatch { missing: names.collect(), unexpected: Vec::new(), misshapen: Vec::new() }),
    }
}

/// Whether most convolutions have a bias; a majority, so that a single stray bias is reported as unexpected.
fn has_biases(entries: &BTreeMap<String, Entry>) -> bool {
    let count = |suffix: &str| {
        let is_conv = |name: &&String| {
            name.strip_suffix(suffix).is_some_and(|layer| {
                let module = layer.rsplit('.').next().unwrap_or(layer);
                module.starts_with("conv") || layer.ends_with(".downsample.0")
            })
        };
        entries.keys().filter(is_conv).count()
    };
    2 * count(".bias") > count(".weight")
}
