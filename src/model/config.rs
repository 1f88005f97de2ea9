//! `ResNextConfig`: everything that decides the shape of a network, and the paper's width formula.

use serde::{Deserialize, Serialize};

/// A block's output has this many times its planes (torchvision's `Bottleneck.expansion`).
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
            (Self::Cifar, 20 | 29) => vec![(depth - 2) / 9; 3],
            _ => return None,
        })
    }
}

/// How wide the grouped convolution of a block is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum WidthRule {
    /// `int(planes * base_width / 64) * cardinality` (Xie et al. 2017, section 4; torchvision's `Bottleneck`).
    BaseWidth,
    /// A quarter of the block's output, whatever the cardinality.
    QuarterOut,
}

/// A ResNeXt (Xie et al. 2017, Table 1). Vectors have one entry per stage.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct ResNextConfig {
    /// Residual blocks per stage: `[3, 4, 6, 3]` of ResNeXt-50.
    pub blocks: Vec<usize>,
    /// Planes per stage: a stage has `planes * EXPANSION` output channels (torchvision's `planes`).
    pub planes: Vec<usize>,
    /// Stride of the first block of each stage; the others have 1.
    pub strides: Vec<usize>,
    /// Branches of a block, C in the paper: the groups of its 3×3 convolution.
    pub cardinality: usize,
    /// The 4 of 32×4d: channels per group in a stage of 64 planes.
    pub base_width: usize,
    /// How the grouped convolutions' widths follow from the planes.
    pub width_rule: WidthRule,
    /// Number of classes: the rows of `fc.weight`.
    pub num_classes: usize,
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
            planes: vec![64, 128, 256, 512],
            strides: vec![1, 2, 2, 2],
            cardinality,
            base_width,
            width_rule: WidthRule::BaseWidth,
            num_classes: 1000,
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
            planes: vec![64, 128, 256],
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
        match self.width_rule {
            WidthRule::BaseWidth => self.planes[stage] * self.base_width / 64 * self.cardinality,
            WidthRule::QuarterOut => self.planes[stage],
        }
    }

    /// Layers with weights on the longest path, as the name "ResNeXt-50" counts them.
    pub fn depth(&self) -> usize {
        3 * self.blocks.iter().sum::<usize>() + 2
    }

    /// `ResNeXt-50 32×4d`, as the paper writes it.
    pub fn title(&self) -> String {
        format!("ResNeXt-{} {}", self.depth(), self.template())
    }

    /// `32×4d`: cardinality by channels per group in a stage of 64 planes.
    pub fn template(&self) -> String {
        match self.width_rule {
            WidthRule::BaseWidth => format!("{}×{}d", self.cardinality, self.base_width),
            WidthRule::QuarterOut => format!("{}×{}d", self.cardinality, 64 / self.cardinality.max(1)),
        }
    }

    /// Refuses a configuration from which no network can be built.
    ///
    /// # Errors
    /// [`ConfigError`] names the field, its value and the values that are allowed.
    pub fn validate(&self) -> Result<(), ConfigError> {
        let stages = self.blocks.len();
        if !(3..=4).contains(&stages) || self.planes.len() != stages || self.strides.len() != stages {
            return Err(ConfigError::Stages { blocks: stages, planes: self.planes.len(), strides: self.strides.len() });
        }
        for (what, value) in [
            ("cardinality", self.cardinality),
            ("num_classes", self.num_classes),
            ("stem_channels", self.stem_channels),
        ] {
            if value == 0 {
                return Err(ConfigError::Zero { what });
            }
        }
        // Far beyond any network that runs; keeps the arithmetic on sizes from overflowing on 32-bit wasm.
        let largest = |values: &[usize]| values.iter().copied().max().unwrap_or(0);
        for (what, value, limit) in [
            ("blocks", largest(&self.blocks), 256),
            ("planes", largest(&self.planes), 4096),
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
            let (planes, width) = (self.planes[stage], self.width(stage));
            if self.blocks[stage] == 0 || self.strides[stage] == 0 {
                return Err(ConfigError::EmptyStage { stage: stage + 1 });
            }
            if width == 0 {
                return Err(ConfigError::ZeroWidth { stage: stage + 1, planes, base_width: self.base_width });
            }
            if width > 1 << 16 {
                return Err(ConfigError::TooLarge { what: "width", value: width, limit: 1 << 16 });
            }
            if !width.is_multiple_of(self.cardinality) {
                return Err(ConfigError::CardinalityDoesNotDivide {
                    stage: stage + 1,
                    width,
                    cardinality: self.cardinality,
                });
            }
        }
        Ok(())
    }
}

/// Why a configuration does not describe a network. Stages count from 1, as in `layer1`.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[allow(missing_docs, reason = "the messages say what each variant and each of its fields is")]
pub enum ConfigError {
    #[error("a ResNeXt has 3 or 4 stages, got {blocks} of blocks, {planes} of planes, {strides} of strides")]
    Stages { blocks: usize, planes: usize, strides: usize },
    #[error("{what} is zero; it must be at least 1")]
    Zero { what: &'static str },
    #[error("{what} is {value}; the most that can be built is {limit}")]
    TooLarge { what: &'static str, value: usize, limit: usize },
    #[error("in_channels must be 3 (colour) or 1 (grey), got {0}")]
    InChannels(usize),
    #[error("layer{stage} has no blocks or a stride of zero; both must be at least 1")]
    EmptyStage { stage: usize },
    #[error(
        "layer{stage} would be 0 channels wide: int({planes} planes × base width {base_width} / 64) is zero; raise the base width"
    )]
    ZeroWidth { stage: usize, planes: usize, base_width: usize },
    #[error("layer{stage}: cardinality {cardinality} does not divide its width of {width}; choose one that does")]
    CardinalityDoesNotDivide { stage: usize, width: usize, cardinality: usize },
}
