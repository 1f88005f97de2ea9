//! Networks written as files: read again they are the same.

use cardinal::weights::{Checkpoint, Metadata, TensorSource, Untrained, WeightError, tensor_shapes};
use half::f16;

use super::support::{Net, read};
use crate::common;

fn saved(checkpoint: &Checkpoint<Vec<u8>>, in_f16: bool) -> Result<Vec<u8>, WeightError> {
    pollster::block_on(common::saved::saved(checkpoint.config(), checkpoint.metadata(), in_f16, checkpoint))
}

/// Files of every kind: from PyTorch, shipped in f16, with classes, with biases, with unusual strides, widths and heads.
fn originals() -> Vec<(String, Checkpoint<Vec<u8>>)> {
    let golden = ["tiny_bias", "tiny_c4", "tiny_c8", "tiny_cifar3", "tiny_gray", "tiny_identity"];
    let golden = golden.map(|name| format!("tests/data/golden/models/{name}.weights.safetensors"));
    let shipped = "assets/models/resnext20_8x8d_cifar10_f16.safetensors".to_owned();
    let field = ["free_widths", "no_fc_bias", "no_head", "one_logit"];
    let field = field.map(|name| format!("tests/data/field/checkpoints/{name}.safetensors"));
    let all = golden.into_iter().chain([shipped]).chain(field);
    let mut all: Vec<_> = all.map(|path| (path.clone(), Checkpoint::parse(read(&path)).unwrap())).collect();
    let caffe = Net::tiny().file("F32").with_config(r#"{"stride_in_1x1": true}"#);
    let caffe = Checkpoint::parse(caffe.bytes()).unwrap();
    assert!(caffe.config().stride_in_1x1);
    all.push(("strides in the first 1×1".to_owned(), caffe));
    all
}

#[test]
fn a_saved_network_is_the_same_to_the_bit() {
    for (name, original) in originals() {
        let bytes = saved(&original, false).unwrap();
        let theirs = safetensors::SafeTensors::deserialize(&bytes).unwrap();
        let again = Checkpoint::parse(bytes.clone()).unwrap();
        assert_eq!((again.config(), again.metadata()), (original.config(), original.metadata()), "{name}");
        let shapes = tensor_shapes(original.config()).unwrap();
        assert_eq!(theirs.len(), shapes.len(), "{name}");
        for (tensor, shape) in shapes {
            let (one, two) = (original.tensor(&tensor, &shape).unwrap(), again.tensor(&tensor, &shape).unwrap());
            assert!(one.iter().map(|value| value.to_bits()).eq(two.iter().map(|value| value.to_bits())), "{tensor}");
            assert_eq!(theirs.tensor(&tensor).unwrap().shape(), shape);
        }
    }
}

#[test]
fn in_f16_weights_are_rounded_once_and_what_is_small_is_not() {
    for (name, original) in originals() {
        let bytes = saved(&original, true).unwrap();
        assert!(bytes.len() < saved(&original, false).unwrap().len(), "{name}");
        let again = Checkpoint::parse(bytes).unwrap();
        assert_eq!((again.config(), again.metadata()), (original.config(), original.metadata()), "{name}");
        for (tensor, shape) in tensor_shapes(original.config()).unwrap() {
            let (one, two) = (original.tensor(&tensor, &shape).unwrap(), again.tensor(&tensor, &shape).unwrap());
            let kept = |value: &f32| if shape.len() > 1 { f16::from_f32(*value).to_f32() } else { *value };
            assert!(one.iter().map(kept).eq(two.iter().copied()), "{name} {tensor}");
        }
    }
}

#[test]
fn what_f16_cannot_hold_is_refused_by_name() {
    let mut file = Net::tiny().file("F32");
    file.get_mut("layer1.0.conv2.weight").bytes[4..8].copy_from_slice(&70000.0_f32.to_le_bytes());
    let original = Checkpoint::parse(file.bytes()).unwrap();
    assert!(saved(&original, false).is_ok());
    let error = saved(&original, true).unwrap_err();
    let tensor = "layer1.0.conv2.weight".to_owned();
    assert_eq!(error, WeightError::NotInF16 { tensor, index: 1, value: 70000.0 });
    assert!(error.to_string().ends_with("save this network in f32"), "{error}");
}

/// A network without weights of its own is saved with those that it runs with.
#[test]
fn untrained_weights_can_be_saved() {
    let config = Checkpoint::parse(Net::tiny().file("F32").bytes()).unwrap().config().clone();
    let untrained = Untrained { seed: 2017 };
    let bytes =
        pollster::block_on(common::saved::saved(&config, &Metadata::usual(&config), false, &untrained)).unwrap();
    let again = Checkpoint::parse(bytes).unwrap();
    assert_eq!(*again.config(), config);
    let shape = tensor_shapes(&config).unwrap()[0].1.clone();
    assert_eq!(again.tensor("conv1.weight", &shape).unwrap(), untrained.tensor("conv1.weight", &shape).unwrap());
}
