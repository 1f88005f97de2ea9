//! The small networks that learn something to see within a minute on a processor.

use crate::model::ResNextConfig;

/// Cardinality and base width of the family. In so shallow a network the first 1×1 convolutions, which run before the picture is
/// halved, are most of the cost; with the base widths of the paper's Table 2, whose blocks are equal, 32 groups would cost 10 % more.
const FAMILY: [(usize, usize); 4] = [(1, 64), (2, 38), (4, 22), (8, 12)];

/// The cardinalities of the family, all of one cost within 5 %.
pub const SMALL_CARDINALITIES: [usize; 4] = [FAMILY[0].0, FAMILY[1].0, FAMILY[2].0, FAMILY[3].0];

/// The network of this cardinality, which is one of [`SMALL_CARDINALITIES`]: a ResNeXt-11 for CIFAR's pictures, a quarter as wide as
/// the paper's. Its first stage halves the picture too.
pub fn small(cardinality: usize, num_classes: usize) -> ResNextConfig {
    let base_width = FAMILY.iter().find(|(of, _)| *of == cardinality).map_or(64, |(_, base_width)| *base_width);
    ResNextConfig {
        out_channels: vec![64, 128, 256],
        strides: vec![2, 2, 2],
        stem_channels: 16,
        num_classes,
        ..ResNextConfig::cifar(1, cardinality, base_width)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::{BlockForm, Graph};

    #[test]
    fn all_cost_the_same() {
        let macs = SMALL_CARDINALITIES
            .map(|cardinality| Graph::build(&small(cardinality, 10), 1, (32, 32), BlockForm::C).unwrap().macs());
        println!("multiply-adds: {macs:?}");
        for of in macs {
            assert!(of.abs_diff(macs[0]) * 100 <= macs[0] * 5, "{macs:?}");
        }
    }
}
