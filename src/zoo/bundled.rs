//! The weights on offer: those shipped with the page, and torchvision's as timm hosts them.
//!
//! Names, licences and published accuracy are torchvision's and timm's own (timm's results for its tags, on ImageNet's
//! validation set). The tests compare what is stated here of the shipped files with the files.

use super::{Location, Network, WeightsFile};
use crate::model::{ResNextConfig, Stem};
use crate::weights::tensor_shapes;

/// Weights in `assets/models`.
pub struct Shipped {
    cardinality: usize,
    base_width: usize,
    /// Relative to the page.
    pub(super) path: &'static str,
    bytes: u64,
    sha256: &'static str,
    /// Top-1 accuracy on CIFAR-10's test set, 0 to 1.
    pub top1: f64,
    /// Epochs of training.
    pub epochs: usize,
    /// The rest of the recipe's sentence, after the number of epochs.
    recipe: &'static str,
}

/// The network that the page opens with, then its twins: trained networks of equal cost at other cardinalities.
pub const SHIPPED: [Shipped; 3] = [
    Shipped {
        cardinality: 8,
        base_width: 8,
        path: "assets/models/resnext20_8x8d_cifar10_f16.safetensors",
        bytes: 4_225_012,
        sha256: "cc9199e8a58fe8211160e8b711add9a56c13f5a35bde81aa6d1d396c0d7a0623",
        top1: 0.9105,
        epochs: 30,
        recipe: "of SGD on CIFAR-10's 50,000 training pictures, cropped and flipped at random",
    },
    Shipped {
        cardinality: 1,
        base_width: 41,
        path: "assets/models/resnext20_1x41d_cifar10_f16.safetensors",
        bytes: 4_241_208,
        sha256: "b1344d672b33a25498ef93b6c9d48f52b0055f736b6bbeadf4eb1b26a349e915",
        top1: SAME_TRAINING[0].top1,
        epochs: SAME_TRAINING_EPOCHS,
        recipe: TWINS_RECIPE,
    },
    Shipped {
        cardinality: 32,
        base_width: 2,
        path: "assets/models/resnext20_32x2d_cifar10_f16.safetensors",
        bytes: 3_934_868,
        sha256: "47e8407a8a66992b7845a158394ded9c8fab3d43d785616af24139494ff0c0eb",
        top1: SAME_TRAINING[2].top1,
        epochs: SAME_TRAINING_EPOCHS,
        recipe: TWINS_RECIPE,
    },
];

const TWINS_RECIPE: &str = "of SGD on CIFAR-10's 50,000 training pictures, cropped and flipped at random, \
                            the first ten on crops of 24×24";

/// Accuracy on CIFAR-10's test set after the 15-epoch recipe, at one cardinality.
pub struct SameTraining {
    /// Groups of the 3×3 convolutions.
    pub cardinality: usize,
    /// Channels per group in a stage of 64 planes.
    pub base_width: usize,
    /// Accuracy on CIFAR-10's test set, 0 to 1.
    pub top1: f64,
    /// A note if its multiply-adds differ from the family's, otherwise empty.
    pub work: &'static str,
}

/// Epochs of each of [`SAME_TRAINING`].
pub const SAME_TRAINING_EPOCHS: usize = 15;

/// The comparison over cardinality: the two twins, and between them the first network's configuration with the same training.
/// Those weights are not shipped: for this cardinality the page has the weights of 30 epochs.
pub const SAME_TRAINING: [SameTraining; 3] = [
    SameTraining { cardinality: 1, base_width: 41, top1: 0.8732, work: "" },
    SameTraining { cardinality: 8, base_width: 8, top1: 0.8834, work: " (6 % more compute)" },
    SameTraining { cardinality: 32, base_width: 2, top1: 0.8874, work: "" },
];

/// A checkpoint of torchvision that timm hosts.
pub struct Hosted {
    id: &'static str,
    repository: &'static str,
    title: &'static str,
    blocks: [usize; 4],
    cardinality: usize,
    base_width: usize,
    /// Top-1 accuracy on ImageNet's validation set as timm measured it, 0 to 1.
    top1: f64,
    recipe: &'static str,
}

const FIRST_RECIPE: &str = "torchvision's V1 recipe: 100 epochs of SGD, random crops";
const SECOND_RECIPE: &str = "torchvision's V2 recipe: 600 epochs, label smoothing, mixup, cutmix, averaged weights";

/// The hosted checkpoints on offer.
pub const HOSTED: [Hosted; 4] = [
    Hosted {
        id: "resnext50_32x4d-tv2_in1k",
        repository: "timm/resnext50_32x4d.tv2_in1k",
        title: "ResNeXt-50 32×4d",
        blocks: [3, 4, 6, 3],
        cardinality: 32,
        base_width: 4,
        top1: 0.8119,
        recipe: SECOND_RECIPE,
    },
    Hosted {
        id: "resnext50_32x4d-tv_in1k",
        repository: "timm/resnext50_32x4d.tv_in1k",
        title: "ResNeXt-50 32×4d, V1 weights",
        blocks: [3, 4, 6, 3],
        cardinality: 32,
        base_width: 4,
        top1: 0.77632,
        recipe: FIRST_RECIPE,
    },
    Hosted {
        id: "resnext101_32x8d-tv2_in1k",
        repository: "timm/resnext101_32x8d.tv2_in1k",
        title: "ResNeXt-101 32×8d",
        blocks: [3, 4, 23, 3],
        cardinality: 32,
        base_width: 8,
        top1: 0.82832,
        recipe: SECOND_RECIPE,
    },
    Hosted {
        id: "resnext101_64x4d-tv_in1k",
        repository: "timm/resnext101_64x4d.tv_in1k",
        title: "ResNeXt-101 64×4d",
        blocks: [3, 4, 23, 3],
        cardinality: 64,
        base_width: 4,
        top1: 0.82978,
        recipe: SECOND_RECIPE,
    },
];

/// The shipped networks' configuration: two blocks per stage, each stage at half the resolution of the one before.
pub fn cifar(cardinality: usize, base_width: usize) -> ResNextConfig {
    ResNextConfig { strides: vec![2, 2, 2], ..ResNextConfig::cifar(2, cardinality, base_width) }
}

/// What is known of a shipped file before it is fetched.
pub fn shipped(file: &Shipped) -> WeightsFile {
    WeightsFile {
        config: cifar(file.cardinality, file.base_width),
        location: Location::Bundled(file.path.into()),
        bytes: file.bytes,
        sha256: Some(file.sha256.into()),
        top1: Some(file.top1),
        licence: "MIT or Apache-2.0".into(),
        source: "trained for Cardinal".into(),
        recipe: Some(format!("{} epochs {}", file.epochs, file.recipe)),
    }
}

/// The network of a hosted checkpoint, with its file.
pub fn hosted(file: &Hosted) -> Network {
    let config = ResNextConfig::imagenet(file.blocks, file.cardinality, file.base_width);
    let weights = WeightsFile {
        bytes: file_bytes(&config),
        config: config.clone(),
        location: Location::Hub(file.repository.into()),
        sha256: None,
        top1: Some(file.top1),
        licence: "BSD-3-Clause".into(),
        source: "torchvision, hosted by timm".into(),
        recipe: Some(file.recipe.into()),
    };
    Network::offer(file.id, file.title, "1,000 classes (ImageNet)", config, vec![weights])
}

/// Bytes of a network's tensors in f32; its file is some kilobytes longer, by the header.
fn file_bytes(config: &ResNextConfig) -> u64 {
    debug_assert_eq!(config.stem, Stem::Imagenet);
    let shapes = tensor_shapes(config).unwrap_or_default();
    shapes.iter().map(|(_, shape)| 4 * shape.iter().product::<usize>() as u64).sum()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn hosted_files_are_as_long_as_published() {
        // torchvision states 95.8, 339.7 (32×8d) and 319.3 MiB for its own files, which hold the same tensors.
        let mib = |file: &Hosted| hosted(file).trained[0].bytes as f64 / f64::from(1 << 20);
        for (file, stated) in HOSTED.iter().zip([95.8, 95.8, 339.7, 319.3]) {
            assert!((mib(file) - stated).abs() < 1.0, "{}: {:.1} MiB, {stated} stated", file.id, mib(file));
        }
    }
}
