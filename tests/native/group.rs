//! One group of a convolution at work, on the CPU.

use crate::common::group::{check, shipped};
use cardinal::classifier::{Classifier, Device, Model};
use cardinal::model::ResNextConfig;
use cardinal::plan::{GpuDtype, PlanKind};
use cardinal::session::group_message;
use cardinal::view::group::GroupValues;

#[test]
fn the_arithmetic_gives_every_number_of_the_maps() {
    pollster::block_on(async {
        // Eight groups, thirty-two, and one.
        for cardinality in ["8x8d", "32x2d", "1x41d"] {
            let (model, tensor) = shipped(cardinality).await;
            for plan in [PlanKind::Plain, PlanKind::Fused] {
                let seen = check(&Device::Cpu, &model, &tensor, plan, GpuDtype::F32).await;
                println!("{cardinality} {plan}: {seen:?}");
                assert!(seen.pixels > 30_000 && seen.positive > seen.pixels / 10, "{seen:?}");
                assert!(seen.fewer < seen.pixels / 100, "{seen:?}");
            }
        }
    });
}

/// One channel per group.
#[test]
fn a_depthwise_network_works_too() {
    pollster::block_on(async {
        let config = ResNextConfig { cardinality: 64, base_width: 1, ..ResNextConfig::cifar(1, 64, 1) };
        let model = Model::untrained(config);
        let tensor = crate::common::values("picture", 3 * 32 * 32);
        let seen = check(&Device::Cpu, &model, &tensor, PlanKind::Fused, GpuDtype::F32).await;
        println!("depthwise: {seen:?}");
        assert!(seen.positive > 1000, "{seen:?}");
    });
}

#[test]
fn the_stem_is_one_group_of_the_picture_and_has_its_filters() {
    pollster::block_on(async {
        let (model, tensor) = shipped("8x8d").await;
        let classifier = Classifier::load(&Device::Cpu, &model, PlanKind::Fused, |_| {}).await.unwrap();
        let stem = classifier.group(&tensor, "conv1", 0, 48..64).await.unwrap().unwrap();
        let (sizes, bytes) = group_message(&stem);
        assert_eq!((sizes.filters, sizes.shown, sizes.in_channels, sizes.kernel_size), (64, 16, 3, 3));
        let values = GroupValues::new(sizes, &bytes).unwrap();
        let names = ["conv1.weight".to_owned()];
        let tensors = cardinal::weights::WeightSource::fetch(&model, &names).await.unwrap();
        let weight = tensors.tensor("conv1.weight", &[64, 3, 3, 3]).unwrap();
        for (channel, filter) in weight.chunks_exact(27).enumerate() {
            assert_eq!(values.filter(channel), filter, "{channel}");
        }
        for (layer, group, channels) in [
            ("conv1", 0, 64..80),
            ("conv1", 1, 0..16),
            ("fc", 0, 0..16),
            ("layer1.0.conv3", 0, 0..16),
            ("none", 0, 0..16),
        ] {
            assert!(classifier.group(&tensor, layer, group, channels).await.unwrap().is_none(), "{layer} {group}");
        }
    });
}
