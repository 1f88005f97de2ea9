//! How well-known code names the parts of a ResNeXt.

use std::collections::BTreeMap;

use super::Entry;
use crate::weights::WeightError;

/// Names of one network's parts. `#` stands for a number: the first is the stage, the last the block.
pub(super) struct Layout {
    /// Whose names they are; empty for PyTorch's own.
    pub title: &'static str,
    /// The stem's convolution and its batch norm, and other names of both.
    stem: [&'static str; 4],
    pub block: &'static str,
    /// The number of the first stage and that of the first block.
    first: [usize; 2],
    /// A block's parts, in the order of [`PARTS`]; empty where they have PyTorch's names.
    parts: [&'static str; 8],
}

/// PyTorch's names of a block's parts.
const PARTS: [&str; 8] = ["conv1", "bn1", "conv2", "bn2", "conv3", "bn3", "downsample.0", "downsample.1"];

/// Words in the names of a shortcut.
const SHORTCUTS: [&str; 7] = ["downsample", "shortcut", "skip", "residual", "projection", "identity", "proj"];

const TRANSFORMERS: &str = "Hugging Face transformers";

pub(super) const LAYOUTS: [Layout; 6] = [
    Layout { title: "", stem: ["conv1", "bn1", "", ""], block: "layer#.#.", first: [1, 0], parts: [""; 8] },
    Layout {
        title: TRANSFORMERS,
        stem: ["embedder.embedder.convolution", "embedder.embedder.normalization", "", ""],
        block: "encoder.stages.#.layers.#.",
        first: [0, 0],
        parts: [
            "layer.0.convolution",
            "layer.0.normalization",
            "layer.1.convolution",
            "layer.1.normalization",
            "layer.2.convolution",
            "layer.2.normalization",
            "shortcut.convolution",
            "shortcut.normalization",
        ],
    },
    // Also bearpaw's pytorch-classification.
    Layout {
        title: "ResNeXt.pytorch",
        stem: ["conv_1_3x3", "bn_1", "", ""],
        block: "stage_#.stage_#_bottleneck_#.",
        first: [1, 0],
        parts: [
            "conv_reduce",
            "bn_reduce",
            "conv_conv",
            "bn",
            "conv_expand",
            "bn_expand",
            "shortcut.shortcut_conv",
            "shortcut.shortcut_bn",
        ],
    },
    Layout {
        title: "pytorch_image_classification",
        stem: ["conv", "bn", "", ""],
        block: "stage#.block#.",
        first: [1, 1],
        parts: [""; 8],
    },
    Layout {
        title: "pytorchcv",
        stem: ["init_block.conv.conv", "init_block.conv.bn", "init_block.conv", "init_block.bn"],
        block: "stage#.unit#.",
        first: [1, 1],
        parts: PYTORCHCV,
    },
    // `torch.nn.Sequential(*network.children())`: ReLU and pooling have the numbers 2 and 3.
    Layout { title: "torch.nn.Sequential", stem: ["0", "1", "", ""], block: "#.#.", first: [4, 0], parts: [""; 8] },
];

const PYTORCHCV: [&str; 8] = [
    "body.conv1.conv",
    "body.conv1.bn",
    "body.conv2.conv",
    "body.conv2.bn",
    "body.conv3.conv",
    "body.conv3.bn",
    "identity_conv.conv",
    "identity_conv.bn",
];

/// A name that was mapped.
pub(super) struct Mapped<'a> {
    pub key: String,
    /// The file's word for the shortcut, and PyTorch's.
    pub renamed: Option<(&'a str, &'static str)>,
}

impl Layout {
    /// PyTorch's key for a name without the network's prefix; `None` for what is neither of the stem nor of a block.
    pub(super) fn key<'a>(&self, inside: &'a str) -> Option<Mapped<'a>> {
        for (theirs, ours) in self.stem.into_iter().zip(["conv1", "bn1", "conv1", "bn1"]) {
            if let Some(tensor) = of_module(inside, theirs) {
                return Some(Mapped { key: format!("{ours}.{tensor}"), renamed: None });
            }
        }
        let (stage, block, part) = numbered(self.block, inside)?;
        let stage = (stage + 1).checked_sub(self.first[0])?;
        let block = block.checked_sub(self.first[1])?;
        let (part, renamed) = self.part(part);
        Some(Mapped { key: format!("layer{stage}.{block}.{part}"), renamed })
    }

    /// PyTorch's name of a block's part. What is unknown keeps its name, and is refused by it later.
    fn part<'a>(&self, part: &'a str) -> (String, Option<(&'a str, &'static str)>) {
        for (theirs, ours) in self.parts.into_iter().zip(PARTS) {
            if let Some(tensor) = of_module(part, theirs) {
                return (format!("{ours}.{tensor}"), None);
            }
        }
        let shortcut = part.split_once('.').filter(|(module, _)| SHORTCUTS.iter().any(|word| module.contains(word)));
        let Some((module, inner)) = shortcut else { return (part.to_owned(), None) };
        let (layer, tensor) = inner.split_once('.').unwrap_or((inner, ""));
        let layer = match layer {
            _ if layer.contains("conv") => "0",
            _ if layer.contains("bn") || layer.contains("norm") => "1",
            other => other,
        };
        let dot = if tensor.is_empty() { "" } else { "." };
        let renamed = (module != "downsample").then_some((module, "downsample"));
        (format!("downsample.{layer}{dot}{tensor}"), renamed)
    }

    /// Whether a name is that of a block's convolution, by which a network is found.
    pub(super) fn is_convolution(&self, inside: &str) -> bool {
        let key = self.key(inside).map(|mapped| mapped.key).unwrap_or_default();
        key.starts_with("layer") && PARTS[..6].iter().step_by(2).any(|conv| key.ends_with(&format!(".{conv}.weight")))
    }

    /// transformers' RegNets have the names of its ResNets, a stem of 3×3 with a stride, and other blocks.
    pub(super) fn refuse_other_stems(
        &self,
        entries: &BTreeMap<String, Entry>,
        prefix: &str,
    ) -> Result<(), WeightError> {
        let tensor = format!("{prefix}{}.weight", self.stem[0]);
        let is_7x7 = |entry: &Entry| matches!(entry.shape[..], [_, _, 7, 7]);
        if self.title != TRANSFORMERS || entries.get(&tensor).is_none_or(is_7x7) {
            return Ok(());
        }
        Err(WeightError::Unsupported {
            what: "a RegNet or its like, as transformers writes it",
            tensor,
            reason: "its stem is no 7×7 convolution",
        })
    }
}

/// The tensor's name within a module: `weight` of `conv1.weight` within `conv1`.
fn of_module<'a>(name: &'a str, module: &str) -> Option<&'a str> {
    if module.is_empty() { None } else { name.strip_prefix(module)?.strip_prefix('.') }
}

/// The first and the last number of a name that begins like the pattern, and the rest of the name.
fn numbered<'a>(pattern: &str, name: &'a str) -> Option<(usize, usize, &'a str)> {
    let mut pieces = pattern.split('#');
    let mut rest = name.strip_prefix(pieces.next()?)?;
    let (mut first, mut last) = (None, 0);
    for piece in pieces {
        let digits = rest.len() - rest.trim_start_matches(|digit: char| digit.is_ascii_digit()).len();
        last = rest[..digits].parse().ok()?;
        first = first.or(Some(last));
        rest = rest[digits..].strip_prefix(piece)?;
    }
    // So that one name cannot claim what overflows.
    (first? < usize::MAX).then_some((first?, last, rest))
}
