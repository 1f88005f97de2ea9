//! Recognises networks similar to ResNeXt, and wrapped state_dicts, by the names of their tensors.

use super::WeightError;

/// A pattern in tensor names, the network that has it, and why that network cannot run as a ResNeXt.
struct Unsupported {
    is_in: fn(&str) -> bool,
    what: &'static str,
    reason: &'static str,
}

/// The first entry that matches any name is reported, so the more specific ones come first.
const UNSUPPORTED: [Unsupported; 9] = [
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
        is_in: |name| name.starts_with("conv1.0."),
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
        is_in: |name| name.starts_with("resnet.embedder."),
        what: "a ResNet as Hugging Face's transformers write it",
        reason: "its tensors have other names; take the torchvision or timm file of the network",
    },
    Unsupported {
        is_in: |name| name.starts_with("features.") || name.starts_with("stages."),
        what: "a network of another family",
        reason: "a ResNeXt's blocks are called layer1 to layer4",
    },
];

/// Refuses unsupported networks and wrapped state_dicts by name. `names` are those of all tensors in a file, sorted.
pub(super) fn refuse_unsupported<'a>(names: impl Iterator<Item = &'a str> + Clone) -> Result<(), WeightError> {
    refuse_prefix(names.clone())?;
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

/// Refuses the state_dict of a module that wraps the network: every name has the wrapper's prefix.
fn refuse_prefix<'a>(mut names: impl Iterator<Item = &'a str> + Clone) -> Result<(), WeightError> {
    let conv1 = names.clone().find_map(|name| name.strip_suffix("conv1.weight").filter(|prefix| prefix.ends_with('.')));
    // layer1.0.conv1.weight ends the same way, but then the stem's own name has no prefix.
    let Some(prefix) = conv1.filter(|prefix| names.all(|name| name.starts_with(prefix))) else {
        return Ok(());
    };
    let origin = match prefix {
        "module." => ", which torch.nn.DataParallel puts there",
        "_orig_mod." => ", which torch.compile puts there",
        _ => "",
    };
    Err(WeightError::Prefix { prefix: prefix.to_owned(), origin })
}

/// Stage (from 1) and block (from 0) of a name such as `layer3.22.conv2.weight`.
pub(super) fn stage_and_block(name: &str) -> Option<(usize, usize)> {
    let (stage, rest) = name.strip_prefix("layer")?.split_once('.')?;
    let (block, _) = rest.split_once('.')?;
    Some((stage.parse().ok()?, block.parse().ok()?))
}
