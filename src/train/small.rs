//! The small networks that learn something to see within a minute on a processor.

use crate::model::{ResNextConfig, WidthRule};

/// Groups, and the widths of the three stages. In so shallow a network the first 1×1 convolutions, which run before the picture is
/// halved, are most of the cost: with the base widths of the paper's Table 2, whose blocks are equal, 32 groups would cost 10 % more.
const FAMILY: [(usize, [usize; 3]); 5] =
    [(1, [16, 32, 64]), (2, [18, 40, 78]), (4, [20, 48, 96]), (8, [24, 48, 104]), (32, [32, 64, 96])];

/// The cardinalities of the family, all of one cost within 3 %.
pub const SMALL_CARDINALITIES: [usize; 5] = [FAMILY[0].0, FAMILY[1].0, FAMILY[2].0, FAMILY[3].0, FAMILY[4].0];

/// The network of this cardinality: a ResNeXt-11 for CIFAR's pictures, a quarter as wide as the paper's. Its first stage halves the
/// picture too.
///
/// # Panics
/// If the cardinality is none of [`SMALL_CARDINALITIES`].
pub fn small(cardinality: usize, num_classes: usize) -> ResNextConfig {
    let widths = FAMILY.iter().find(|(of, _)| *of == cardinality).map(|(_, widths)| widths.to_vec());
    ResNextConfig {
        out_channels: vec![64, 128, 256],
        strides: vec![2, 2, 2],
        stem_channels: 16,
        num_classes,
        base_width: 0,
        width_rule: WidthRule::PerStage { widths: widths.expect("one of the family"), groups: vec![cardinality; 3] },
        ..ResNextConfig::cifar(1, cardinality, 0)
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
            assert!(of.abs_diff(macs[0]) * 100 <= macs[0] * 3, "{macs:?}");
        }
    }
}
