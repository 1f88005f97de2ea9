//! What can be looked at of a part of a network: its grouped convolution.

use crate::model::{Graph, Op};
use crate::view::network_part::NetworkPart;

/// The grouped convolution of a block, or the convolution of the stem.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Subject {
    /// PyTorch's name of the convolution.
    pub layer: String,
    /// Its groups.
    pub groups: usize,
    /// Input channels of each.
    pub in_channels: usize,
    /// Output channels of each.
    pub out_channels: usize,
}

impl Subject {
    /// `None` for the head, which has no such convolution.
    pub fn new(graph: &Graph, part: &NetworkPart) -> Option<Self> {
        let layer = match part.block {
            Some(_) => format!("{}.conv2", part.name),
            None => "conv1".into(),
        };
        if !part.rows.iter().any(|row| row.layers.contains(&layer)) {
            return None;
        }
        let Op::Conv2d { spec, .. } = graph.layers.iter().find(|other| other.name == layer)?.op else { return None };
        let (in_channels, out_channels) = (spec.in_channels_per_group(), spec.out_channels_per_group());
        Some(Self { layer, groups: spec.groups, in_channels, out_channels })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::{BlockForm, ResNextConfig};
    use crate::view::network_part::network_parts;

    #[test]
    fn the_stem_and_every_block_can_be_looked_into() {
        let config = ResNextConfig::preset("resnext50_32x4d").unwrap();
        let graph = Graph::build(&config, 1, (224, 224), BlockForm::C).unwrap();
        let parts = network_parts(&graph);
        let subjects: Vec<Option<Subject>> = parts.iter().map(|part| Subject::new(&graph, part)).collect();
        let subject = |layer: &str, groups, in_channels, out_channels| {
            Some(Subject { layer: layer.into(), groups, in_channels, out_channels })
        };
        assert_eq!(subjects[0], subject("conv1", 1, 3, 64));
        assert_eq!(subjects[1], subject("layer1.0.conv2", 32, 4, 4));
        assert_eq!(subjects[16], subject("layer4.2.conv2", 32, 32, 32));
        assert_eq!(subjects[17], None);
    }
}
