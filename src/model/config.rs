//! `ResNextConfig`: everything that decides the shape of a network, and the paper's width formula.

use serde::{Deserialize, Serialize};

/// A block's output has this many times its planes (torchvision's `Bottleneck.expansion`); [`WidthRule`]'s formulas begin with
/// the planes.
pub const EXPANSION: usize = 4;

/// The layers before the first stage.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Stem {
    /// 7×7 convolution with stride 2, then a 3×3 max-pool with stride 2.
    Imagenet,
    /// 3×3 convolution with stride 1 and no pool.
    Cifar,
}

impl Stem {
    /// The usual side of a square input, in pixels.
    pub const fn default_input_size(self) -> usize {
        match self {
            Self::Imagenet => 224,
            Self::Cifar => 32,
        }
    }

    /// Blocks per stage of the network of this depth: on ImageNet those of ResNet (He et al. 2016, Table 1), and [2, 2, 2, 2]
    /// for 26; on CIFAR `(depth - 2) / 9` in each of three stages (Xie et al. 2017, section 5.3). `None` for other depths.
    pub fn blocks(self, depth: usize) -> Option<Vec<usize>> {
        Some(match (self, depth) {
            (Self::Imagenet, 26) => vec![2, 2, 2, 2],
            (Self::Imagenet, 50) => vec![3, 4, 6, 3],
            (Self::Imagenet, 101) => vec![3, 4, 23, 3],
            (Self::Imagenet, 152) => vec![3, 8, 36, 3],
            (Self::Cifar, 11..) if (depth - 2).is_multiple_of(9) => vec![(depth - 2) / 9; 3],
            _ => return None,
        })
    }
}

/// How wide the grouped convolution of a block is.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum WidthRule {
    /// `int(planes * base_width / 64) * cardinality` (Xie et al. 2017, section 4; torchvision's `Bottleneck`), where a stage has
    /// `out_channels / EXPANSION` planes.
    BaseWidth,
    /// A quarter of the block's output, whatever the cardinality.
    QuarterOut,
    /// No rule: each stage has a width and a cardinality of its own.
    PerStage {
        /// Channels of the grouped convolutions, one entry per stage.
        widths: Vec<usize>,
        /// Their groups, one entry per stage.
        groups: Vec<usize>,
    },
}

/// A ResNeXt (Xie et al. 2017, Table 1). Vectors have one entry per stage.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct ResNextConfig {
    /// Residual blocks per stage: `[3, 4, 6, 3]` of ResNeXt-50.
    pub blocks: Vec<usize>,
    /// Output channels per stage: four times torchvision's `planes`.
    pub out_channels: Vec<usize>,
    /// Stride of the first block of each stage; the others have 1.
    pub strides: Vec<usize>,
    /// Whether the first 1×1 convolution of a block has its stride, as in Caffe and in detectron2's `STRIDE_IN_1X1`; the 3×3
    /// convolution has it otherwise, as in torchvision.
    pub stride_in_1x1: bool,
    /// Branches of a block, C in the paper: the groups of its 3×3 convolution. Those of `layer1` under
    /// [`WidthRule::PerStage`]; [`ResNextConfig::groups`] gives those of any stage.
    pub cardinality: usize,
    /// The 4 of 32×4d: channels per group in a stage of 64 planes. 0 under [`WidthRule::PerStage`], where none fits; JSON then
    /// leaves it out.
    #[serde(default, skip_serializing_if = "is_zero")]
    pub base_width: usize,
    /// How wide the grouped convolutions are.
    pub width_rule: WidthRule,
    /// Number of logits: the rows of `fc.weight`. 0 for a network without a head, which computes features; 1 for a network
    /// that answers yes or no, by the sigmoid of its one logit.
    pub num_classes: usize,
    /// Whether `fc` has a bias.
    pub head_bias: bool,
    /// Input channels: 3, or 1 for grey pictures.
    pub in_channels: usize,
    /// The layers before `layer1`.
    pub stem: Stem,
    /// Output channels of the stem's convolution `conv1`.
    pub stem_channels: usize,
    /// Whether convolutions have a bias in addition to batch norm's.
    pub conv_bias: bool,
}

impl ResNextConfig {
    /// The four-stage ImageNet layout; depth follows from `blocks`.
    pub fn imagenet(blocks: [usize; 4], cardinality: usize, base_width: usize) -> Self {
        Self {
            blocks: blocks.to_vec(),
            out_channels: vec![256, 512, 1024, 2048],
            strides: vec![1, 2, 2, 2],
            stride_in_1x1: false,
            cardinality,
            base_width,
            width_rule: WidthRule::BaseWidth,
            num_classes: 1000,
            head_bias: true,
            in_channels: 3,
            stem: Stem::Imagenet,
            stem_channels: 64,
            conv_bias: false,
        }
    }

    /// The three-stage CIFAR layout (paper, section 5.3), with `blocks` blocks per stage.
    pub fn cifar(blocks: usize, cardinality: usize, base_width: usize) -> Self {
        Self {
            blocks: vec![blocks; 3],
            out_channels: vec![256, 512, 1024],
            strides: vec![1, 2, 2],
            num_classes: 10,
            stem: Stem::Cifar,
            ..Self::imagenet([1; 4], cardinality, base_width)
        }
    }

    /// Channels of the grouped convolution in stage `stage` (from 0).
    ///
    /// # Panics
    /// If there is no such stage.
    pub fn width(&self, stage: usize) -> usize {
        let planes = self.out_channels[stage] / EXPANSION;
        match &self.width_rule {
            WidthRule::BaseWidth => planes * self.base_width / 64 * self.cardinality,
            WidthRule::QuarterOut => planes,
            WidthRule::PerStage { widths, .. } => widths[stage],
        }
    }

    /// Groups of the grouped convolution in stage `stage` (from 0).
    ///
    /// # Panics
    /// If there is no such stage.
    pub fn groups(&self, stage: usize) -> usize {
        match &self.width_rule {
            WidthRule::PerStage { groups, .. } => groups[stage],
            _ => self.cardinality,
        }
    }

    /// How many answers it chooses from: its classes, or yes and no for one logit.
    pub fn num_answers(&self) -> usize {
        if self.num_classes == 1 { 2 } else { self.num_classes }
    }

    /// Layers with weights on the longest path, as the name "ResNeXt-50" counts them.
    pub fn depth(&self) -> usize {
        3 * self.blocks.iter().sum::<usize>() + 2
    }

    /// `ResNeXt-50 32×4d`, as the paper writes it; `ResNeXt-14, 3 groups, widths 15-30-60` where no base width fits.
    pub fn title(&self) -> String {
        let comma = if matches!(self.width_rule, WidthRule::PerStage { .. }) { "," } else { "" };
        format!("ResNeXt-{}{comma} {}", self.depth(), self.template())
    }

    /// `32×4d`: cardinality by channels per group in a stage of 64 planes. Where no base width fits, the groups and the widths of
    /// each stage: `3 groups, widths 15-30-60`, or `2-4-8 groups, widths 16-32-64`.
    pub fn template(&self) -> String {
        match &self.width_rule {
            WidthRule::BaseWidth => format!("{}×{}d", self.cardinality, self.base_width),
            WidthRule::QuarterOut => format!("{}×{}d", self.cardinality, 64 / self.cardinality.max(1)),
            WidthRule::PerStage { widths, groups } => {
                let same = groups.iter().all(|groups| *groups == self.cardinality);
                let groups = if same { &groups[..1] } else { groups };
                let noun = if groups == [1] { "group" } else { "groups" };
                format!("{} {noun}, widths {}", joined(groups), joined(widths))
            }
        }
    }

    /// Refuses a configuration from which no network can be built.
    ///
    /// # Errors
    /// [`ConfigError`] names the field, its value and the values that are allowed.
    pub fn validate(&self) -> Result<(), ConfigError> {
        let stages = self.blocks.len();
        let out_channels = self.out_channels.len();
        let each = match &self.width_rule {
            WidthRule::PerStage { widths, groups } => widths.len() == stages && groups.len() == stages,
            _ => true,
        };
        if !(3..=4).contains(&stages) || out_channels != stages || self.strides.len() != stages || !each {
            return Err(ConfigError::Stages { blocks: stages, out_channels, strides: self.strides.len() });
        }
        for (what, value) in [("cardinality", self.cardinality), ("stem_channels", self.stem_channels)] {
            if value == 0 {
                return Err(ConfigError::Zero { what });
            }
        }
        // Far beyond any network that runs; keeps the arithmetic on sizes from overflowing on 32-bit wasm.
        let largest = |values: &[usize]| values.iter().copied().max().unwrap_or(0);
        for (what, value, limit) in [
            ("blocks", largest(&self.blocks), 256),
            ("out_channels", largest(&self.out_channels), 4096 * EXPANSION),
            ("strides", largest(&self.strides), 8),
            ("cardinality", self.cardinality, 4096),
            ("base_width", self.base_width, 4096),
            ("stem_channels", self.stem_channels, 4096),
            ("num_classes", self.num_classes, 1 << 20),
        ] {
            if value > limit {
                return Err(ConfigError::TooLarge { what, value, limit });
            }
        }
        if !matches!(self.in_channels, 1 | 3) {
            return Err(ConfigError::InChannels(self.in_channels));
        }
        for stage in 0..stages {
            let (width, groups) = (self.width(stage), self.groups(stage));
            if self.blocks[stage] == 0 || self.strides[stage] == 0 || self.out_channels[stage] == 0 {
                return Err(ConfigError::EmptyStage { stage: stage + 1 });
            }
            if width == 0 {
                let planes = self.out_channels[stage] / EXPANSION;
                return Err(ConfigError::ZeroWidth { stage: stage + 1, planes, base_width: self.base_width });
            }
            if width > 1 << 16 {
                return Err(ConfigError::TooLarge { what: "width", value: width, limit: 1 << 16 });
            }
            if groups == 0 || !width.is_multiple_of(groups) {
                return Err(ConfigError::CardinalityDoesNotDivide { stage: stage + 1, width, cardinality: groups });
            }
        }
        Ok(())
    }
}

fn is_zero(value: &usize) -> bool {
    *value == 0
}

/// `15-30-60`
fn joined(values: &[usize]) -> String {
    values.iter().map(usize::to_string).collect::<Vec<_>>().join("-")
}

/// Why a configuration does not describe a network. Stages count from 1, as in `layer1`.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[allow(missing_docs, reason = "the messages say what each variant and each of its fields is")]
pub enum ConfigError {
    #[error("a ResNeXt has 3 or 4 stages, got {blocks} of blocks, {out_channels} of outputs, {strides} of strides")]
    Stages { blocks: usize, out_channels: usize, strides: usize },
    #[error("{what} is zero; it must be at least 1")]
    Zero { what: &'static str },
    #[error("{what} is {value}; the most that can be built is {limit}")]
    TooLarge { what: &'static str, value: usize, limit: usize },
    #[error("in_channels must be 3 (colour) or 1 (grey), got {0}")]
    InChannels(usize),
    #[error("layer{stage} has no blocks, no output channels or a stride of zero; each must be at least 1")]
    EmptyStage { stage: usize },
    #[error(
        "layer{stage} would be 0 channels wide: int({planes} planes × base width {base_width} / 64) is zero; raise the base width"
    )]
    ZeroWidth { stage: usize, planes: usize, base_width: usize },
    #[error("layer{stage}: cardinality {cardinality} does not divide its width of {width}; choose one that does")]
    CardinalityDoesNotDivide { stage: usize, width: usize, cardinality: usize },
}
