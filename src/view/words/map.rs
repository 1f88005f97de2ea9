//! The map over the picture, in words.

use crate::view::map::{Map, MapKind};

/// The kinds of map: name in attributes, label, what it is.
pub const MAP_KINDS: [(MapKind, &str, &str, &str); 2] = [
    (
        MapKind::ClassActivation,
        "activation",
        "Activation",
        "Class activation: the last block’s channels, weighted as the classifier weighs them for this class",
    ),
    (
        MapKind::Occlusion,
        "occlusion",
        "Occlusion",
        "Occlusion: the probability of this class with a grey square over one part of the picture after another",
    ),
];

/// Name, label and explanation of a kind.
pub fn map_kind(kind: MapKind) -> (&'static str, &'static str, &'static str) {
    let [activation, occlusion] = MAP_KINDS;
    let (_, name, label, explained) = match kind {
        MapKind::ClassActivation => activation,
        MapKind::Occlusion => occlusion,
    };
    (name, label, explained)
}

/// What the map shows, and how to read it.
pub fn map_explained(kind: MapKind, map: Option<&Map>) -> String {
    let label = map.map_or("the class", |map| &map.label);
    match kind {
        MapKind::ClassActivation => format!(
            "Yellow: what speaks for {label} in the last block’s channels. The mean of the map, plus the class’s bias, is its \
             score."
        ),
        MapKind::Occlusion => format!(
            "Yellow: with a grey square here, {label} becomes least likely. It may differ from Activation: that adds up what \
             the network used, this removes it, and the rest may be enough."
        ),
    }
}

/// A sentence for a screen reader.
pub fn map_spoken(map: &Map) -> String {
    let kind = map_kind(map.kind).1;
    let rest = if map.is_complete { "" } else { " so far" };
    format!("{kind} map of {}: strongest in the {} of the picture{rest}", map.label, map.peak_words())
}
