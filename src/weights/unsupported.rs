//! Recognises networks similar to ResNeXt, and weights that were changed, by the names of their tensors.

use super::WeightError;

/// A pattern in tensor names, the network that has it, and why that network cannot run as a ResNeXt.
struct Unsupported {
    is_in: fn(&str) -> bool,
    what: &'static str,
    reason: &'static str,
}

/// The first entry that matches any name is reported, so the more specific ones come first.
const UNSUPPORTED: [Unsupported; 10] = [
    Unsupported {
        is_in: |name| {
            ["scale", "zero_point", "weight_scale", "SCB", "_packed_params"]
                .iter()
                .any(|end| name.strip_suffix(end).is_some_and(|module| module.ends_with('.')))
        },
        what: "a quantised network",
        reason: "its weights are integers with a scale; save the network as it was before it was quantised",
    },
    Unsupported {
        is_in: |name| name.ends_with(".filt"),
        what: "an anti-aliased network",
        reason: "it blurs before it takes every other pixel, a step Cardinal does not have",
    },
    Unsupported {
        is_in: |name| name.contains(".se.") || name.contains(".se_module."),
        what: "an SE-ResNeXt (seresnext)",
        reason: "its blocks rescale channels by squeeze and excitation, a step Cardinal does not have",
    },
    Unsupported {
        is_in: |name| name.contains(".convs."),
        what: "a Res2NeXt",
        reason: "its blocks chain several 3×3 convolutions; a ResNeXt's have one",
    },
    Unsupported {
        is_in: |name| name.contains(".conv2.attn.") || name.contains(".conv2.fc1.") || name.contains(".conv2.paths."),
        what: "an SK-ResNeXt or ResNeSt",
        reason: "its blocks weigh several branches against each other, a step Cardinal does not have",
    },
    Unsupported {
        is_in: |name| name.starts_with("conv1.3."),
        what: "a ResNeXt-D (resnext50d and its like)",
        reason: "its stem is three 3×3 convolutions and its shortcuts average before they convolve",
    },
    Unsupported {
        is_in: |name| name.starts_with("layer") && name.ends_with(".0.downsample.2.weight"),
        what: "a ResNeXt with averaging shortcuts (the D variants)",
        reason: "its shortcuts average before they convolve, a step Cardinal does not have",
    },
    Unsupported {
        is_in: |name| name.starts_with("stem."),
        what: "a network of another stem (resnext26ts and its like)",
        reason: "its stem is several convolutions; a ResNeXt's is the single conv1",
    },
    Unsupported {
        is_in: |name| name.starts_with("layer0."),
        what: "a network in the SENet layout (legacy_seresnext and its like)",
        reason: "its tensors have other names, and most such networks have blocks of another kind",
    },
    Unsupported {
        is_in: |name| name.starts_with("features.") || name.starts_with("stages."),
        what: "a network of another family",
        reason: "a ResNeXt's blocks are called layer1 to layer4",
    },
];

/// Refuses unsupported networks by name. `names` are those of all tensors in a file, sorted.
pub(super) fn refuse_unsupported<'a>(names: impl Iterator<Item = &'a str> + Clone) -> Result<(), WeightError> {
    for unsupported in &UNSUPPORTED {
        if let Some(tensor) = names.clone().find(|name| (unsupported.is_in)(name)) {
            let Unsupported { what, reason, .. } = *unsupported;
            return Err(WeightError::Unsupported { what, tensor: tensor.to_owned(), reason });
        }
    }
    let has = |wanted: &dyn Fn(&str) -> bool| names.clone().any(wanted);
    if !has(&|name| stage_and_block(name).is_some()) {
        return Err(WeightError::NotResNext { names: names.map(str::to_owned).collect() });
    }
    if let Some(tensor) = names.clone().find(|name| name.ends_with(".0.conv2.weight"))
        && !has(&|name| name.contains(".conv3.") || name.contains(".bn3."))
    {
        return Err(WeightError::Unsupported {
            what: "a ResNet of basic blocks (ResNet-18 or 34)",
            tensor: tensor.to_owned(),
            reason: "its blocks have two convolutions; a ResNeXt's have three",
        });
    }
    Ok(())
}

/// Stage (from 1) and block (from 0) of a name such as `layer3.22.conv2.weight`.
pub(super) fn stage_and_block(name: &str) -> Option<(usize, usize)> {
    let (stage, rest) = name.strip_prefix("layer")?.split_once('.')?;
    let (block, _) = rest.split_once('.')?;
    Some((stage.parse().ok()?, block.parse().ok()?))
}
