//! Networks by name.

use super::{ResNextConfig, Stem, WidthRule};

/// The names that the documentation and the tests use; [`ResNextConfig::preset`] reads any `resnext{depth}_{C}x{d}d`.
pub const PRESETS: [&str; 14] = [
    "resnext50_32x4d",
    "resnext101_32x8d",
    "resnext101_64x4d",
    "resnext101_32x4d",
    "resnext50_1x64d",
    "resnext50_2x40d",
    "resnext50_4x24d",
    "resnext50_8x14d",
    "resnext29_8x64d",
    "resnext29_16x64d",
    "resnext26_32x4d",
    "resnext26_32x4d_grey",
    "resnext50_biased",
    "resnext101_biased",
];

/// A name that is not a network's.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error(
    "no network is called `{0}`; write resnext{{depth}}_{{cardinality}}x{{base width}}d with depth 26, 50, 101, 152 (ImageNet) or \
     20, 29 (CIFAR), for example resnext50_32x4d, or resnext50_biased, resnext101_biased; append _grey for one input channel"
)]
pub struct UnknownPreset(pub String);

impl ResNextConfig {
    /// The network of this name: torchvision's if it has one (`resnext50_32x4d`), the paper's otherwise.
    ///
    /// `_biased` is the variant with biased convolutions and a quarter-width bottleneck of 32 groups; `_grey` takes
    /// one input channel.
    ///
    /// # Errors
    /// [`UnknownPreset`] if the name does not have one of these forms or its depth is not known.
    pub fn preset(name: &str) -> Result<Self, UnknownPreset> {
        let parsed = match name.strip_suffix("_grey") {
            Some(colour) => parse(colour).map(|config| Self { in_channels: 1, ..config }),
            None => parse(name),
        };
        parsed.ok_or_else(|| UnknownPreset(name.to_owned()))
    }
}

fn parse(name: &str) -> Option<ResNextConfig> {
    let (depth, template) = name.strip_prefix("resnext")?.split_once('_')?;
    let depth: usize = depth.parse().ok()?;
    let imagenet = |cardinality, base_width| {
        let blocks = Stem::Imagenet.blocks(depth)?;
        Some(ResNextConfig { blocks, ..ResNextConfig::imagenet([1; 4], cardinality, base_width) })
    };
    if template == "biased" {
        return Some(ResNextConfig { conv_bias: true, width_rule: WidthRule::QuarterOut, ..imagenet(32, 2)? });
    }
    let (cardinality, base_width) = template.strip_suffix('d')?.split_once('x')?;
    let (cardinality, base_width) = (cardinality.parse().ok()?, base_width.parse().ok()?);
    imagenet(cardinality, base_width).or_else(|| {
        let blocks = Stem::Cifar.blocks(depth)?;
        Some(ResNextConfig { blocks, ..ResNextConfig::cifar(1, cardinality, base_width) })
    })
}
