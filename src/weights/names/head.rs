//! Which linear layer of a file is the network's head.

use std::collections::BTreeMap;

use super::Entry;
use super::layout::Layout;
use crate::weights::WeightError;

/// Names of modules that are or hold a head.
const WORDS: [&str; 12] = [
    "fc",
    "head",
    "heads",
    "classifier",
    "last_linear",
    "linear",
    "output",
    "logits",
    "cls_head",
    "fc_out",
    "last_layer",
    "classification_head",
];

/// The head of a network.
#[derive(Default)]
pub(super) struct Head {
    /// Its whole path in the file, such as `module.head.fc`; empty where there is no head.
    whole: String,
    /// The same without what it shares with the network's prefix.
    pub path: String,
}

impl Head {
    /// Finds the one linear layer that is the head, under the network's prefix or beside it.
    pub(super) fn find(entries: &BTreeMap<String, Entry>, layout: &Layout, prefix: &str) -> Result<Self, WeightError> {
        // Layers by the module that holds them: `fc` has `fc.0` and `fc.3`.
        let mut roots: Vec<(&str, Vec<&str>)> = Vec::new();
        for name in entries.keys() {
            let path = beside(name, prefix);
            let word = path.split('.').next().unwrap_or(path);
            if let (true, Some((layer, _))) = (is_word(word), name.rsplit_once('.')) {
                let module = &name[..name.len() - path.len() + word.len()];
                match roots.iter_mut().find(|(known, _)| *known == module) {
                    Some((_, layers)) if layers.contains(&layer) => {}
                    Some((_, layers)) => layers.push(layer),
                    None => roots.push((module, vec![layer])),
                }
            }
        }
        let weight = |layer: &str| entries.get(&format!("{layer}.weight"));
        // A stray bias is no head, unless the weight beside it is missing from an only one.
        if roots.len() > 1 {
            roots.retain(|(_, layers)| layers.iter().any(|layer| weight(layer).is_some()));
        }
        if let Some(features) = features(entries, layout, prefix)
            && roots.len() > 1
        {
            let fits = |layer: &&str| weight(layer).is_some_and(|entry| entry.shape.get(1) == Some(&features));
            if roots.iter().flat_map(|(_, layers)| layers).any(fits) {
                roots.retain(|(_, layers)| layers.iter().any(fits));
            }
        }
        let layers: Vec<&str> = roots.iter().flat_map(|(_, layers)| layers).copied().collect();
        match layers[..] {
            [] => Ok(Self::default()),
            [whole] => Ok(Self { whole: whole.to_owned(), path: beside(whole, prefix).to_owned() }),
            _ if roots.len() == 1 => Err(WeightError::HeadLayers { layers: owned(&layers) }),
            _ => Err(WeightError::Heads { candidates: owned(&layers) }),
        }
    }

    /// PyTorch's key of one of its tensors.
    pub(super) fn key(&self, name: &str) -> Option<String> {
        let tensor = name.strip_prefix(&self.whole)?.strip_prefix('.')?;
        (!self.whole.is_empty()).then(|| format!("fc.{tensor}"))
    }
}

fn owned(names: &[&str]) -> Vec<String> {
    names.iter().map(|&name| name.to_owned()).collect()
}

pub(super) fn is_word(module: &str) -> bool {
    WORDS.contains(&module)
}

/// A name without the modules that it shares with the network's prefix.
pub(super) fn beside<'a>(name: &'a str, prefix: &str) -> &'a str {
    let mut rest = name;
    for module in prefix.split_inclusive('.') {
        match rest.strip_prefix(module) {
            Some(inner) => rest = inner,
            None => break,
        }
    }
    rest
}

/// The features that the head reads: the channels of the last stage.
fn features(entries: &BTreeMap<String, Entry>, layout: &Layout, prefix: &str) -> Option<u64> {
    let last = entries.iter().filter_map(|(name, entry)| {
        let key = layout.key(name.strip_prefix(prefix)?)?.key;
        let stage = key.strip_suffix(".conv3.weight")?.strip_prefix("layer")?.split('.').next()?.parse::<usize>();
        Some((stage.ok()?, *entry.shape.first()?))
    });
    last.max().map(|(_, channels)| channels)
}
