//! Valid files whose tensors are not those of a ResNeXt.

use cardinal::model::ConfigError;
use cardinal::weights::{Checkpoint, Misshapen, TensorSource, WeightError};

use super::refused;
use super::support::{File, Net, Tensor, assemble};

fn tiny() -> File {
    Net::tiny().file("F32")
}

#[test]
fn every_single_missing_tensor_is_named() {
    // A stem may have no bias where the other convolutions have one.
    for net in [Net::tiny(), Net { conv_bias: true, ..Net::tiny() }] {
        let file = net.file("F16");
        // A head without a bias is a head.
        let may_lack = ["fc.bias", "conv1.bias"];
        let needed = |tensor: &&Tensor| tensor.dtype != "I64" && !may_lack.contains(&tensor.name.as_str());
        for tensor in file.tensors.iter().filter(needed) {
            let error = refused(file.clone().without(&[&tensor.name]).bytes(), &[]);
            let missing = vec![tensor.name.clone()];
            assert_eq!(error, WeightError::Mismatch { missing, unexpected: vec![], misshapen: vec![] });
        }
    }
}

#[test]
fn all_that_is_wrong_is_listed_at_once() {
    let mut file =
        tiny().without(&["layer1.0.bn2.bias", "layer3.0.bn1.bias"]).with(Tensor::zeros("head.bias", "F32", &[2]));
    *file.get_mut("layer3.0.conv1.weight") = Tensor::zeros("layer3.0.conv1.weight", "F32", &[64, 31, 1, 1]);
    let error = refused(
        file.bytes(),
        &[
            "missing (2): layer1.0.bn2.bias, layer3.0.bn1.bias;",
            "not expected (1): head.bias;",
            "wrong shape (1): layer3.0.conv1.weight ([64, 32, 1, 1] expected, got [64, 31, 1, 1])",
        ],
    );
    let tensor = "layer3.0.conv1.weight".to_owned();
    let misshapen = vec![Misshapen { tensor, expected: vec![64, 32, 1, 1], got: vec![64, 31, 1, 1] }];
    let missing = vec!["layer1.0.bn2.bias".to_owned(), "layer3.0.bn1.bias".to_owned()];
    assert_eq!(error, WeightError::Mismatch { missing, unexpected: vec!["head.bias".to_owned()], misshapen });
}

#[test]
fn a_stray_bias_does_not_make_the_network_a_biased_one() {
    let stray = tiny().with(Tensor::zeros("conv1.bias", "F32", &[4]));
    let unexpected = vec!["conv1.bias".to_owned()];
    assert_eq!(refused(stray.bytes(), &[]), WeightError::Mismatch { missing: vec![], unexpected, misshapen: vec![] });
}

#[test]
fn long_lists_are_shortened_in_words_only() {
    let mut file = tiny();
    file.tensors.retain(|tensor| !tensor.name.starts_with("layer2.0"));
    let error = refused(file.bytes(), &["missing (20): layer2.0.conv1.weight,", " and 12 more"]);
    assert!(!error.to_string().contains("layer2.0.downsample"));
    assert!(matches!(error, WeightError::Mismatch { missing, .. } if missing.len() == 20));
}

#[test]
fn unsupported_networks_are_refused_by_name() {
    let rename = |from: &'static str, to: &'static str| tiny().renamed(|name| name.replace(from, to));
    let extra = |name: &str| tiny().with(Tensor::zeros(name, "F32", &[1]));
    for (file, words) in [
        (extra("layer1.0.se.fc1.weight"), ["SE-ResNeXt", "squeeze"]),
        (extra("layer1.0.se_module.fc1.weight"), ["SE-ResNeXt", "squeeze"]),
        (
            extra("conv1.0.weight").with(Tensor::zeros("conv1.3.weight", "F32", &[1])).without(&["conv1.weight"]),
            ["resnext50d", "stem"],
        ),
        (rename("downsample.1", "downsample.2"), ["averaging shortcuts", "average"]),
        (extra("stem.conv1.conv.weight").without(&["conv1.weight"]), ["resnext26ts", "stem"]),
        (rename("conv2.weight", "convs.0.weight"), ["Res2NeXt", "one"]),
        (extra("layer1.0.conv2.attn.fc_reduce.weight"), ["SK-ResNeXt", "branches"]),
        (extra("layer0.conv1.weight").without(&["conv1.weight"]), ["SENet", "names"]),
        (
            tiny().renamed(|name| format!("stages.{}", name.replace("layer", "l"))).with(Tensor::zeros(
                "a",
                "F32",
                &[],
            )),
            ["family", "layer1"],
        ),
    ] {
        let error = refused(file.bytes(), &words);
        assert!(matches!(error, WeightError::Unsupported { .. }), "{error:?}");
    }
    let mut basic = tiny();
    basic.tensors.retain(|tensor| !tensor.name.contains("conv3") && !tensor.name.contains("bn3"));
    refused(basic.bytes(), &["ResNet-18", "layer1.0.conv2.weight", "three"]);
}

#[test]
fn strangers_are_refused() {
    let names = (0..11).map(|i| Tensor::zeros(&format!("encoder.{i:02}"), "F32", &[1])).collect();
    let file = File { tensors: names, metadata: vec![] };
    let error = refused(file.bytes(), &["encoder.00, encoder.01", "encoder.07 and 3 more"]);
    assert!(matches!(error, WeightError::NotResNext { names } if names.len() == 11));
    refused(assemble("{}", &[]), &["got nothing"]);
}

#[test]
fn shapes_no_network_has_are_refused() {
    let shaped = |name: &str, shape: &[u64]| {
        let mut file = tiny();
        *file.get_mut(name) = Tensor::zeros(name, "F32", shape);
        file.bytes()
    };
    refused(shaped("conv1.weight", &[4, 3, 5, 5]), &["conv1.weight", "5×5", "7×7", "3×3"]);
    refused(shaped("conv1.weight", &[4, 27]), &["conv1.weight", "[4, 27]"]);
    refused(
        shaped("layer1.0.conv2.weight", &[4, 0, 3, 3]),
        &["layer1.0.conv2.weight", "[4, 0, 3, 3]", "none of them zero"],
    );
    refused(shaped("fc.weight", &[5]), &["fc.weight", "out_features"]);
    refused(shaped("conv1.weight", &[4, 4, 3, 3]), &["in_channels", "got 4"]);
    refused(shaped("layer3.0.conv3.weight", &[257, 64, 1, 1]), &["layer3.0.bn3.weight ([257] expected, got [256])"]);
    let words = ["layer2.1.conv2.weight", "1 groups", "layer2.0.conv2.weight has 2", "all blocks of a stage"];
    let error = refused(shaped("layer2.1.conv2.weight", &[8, 8, 3, 3]), &words);
    assert!(matches!(error, WeightError::Cardinality { .. }), "{error:?}");
    let error = refused(shaped("layer1.0.conv2.weight", &[4, 3, 3, 3]), &["layer1.0.conv2.weight", "cardinality"]);
    assert!(matches!(error, WeightError::Rank { .. }), "{error:?}");
}

#[test]
fn names_cannot_claim_endless_networks() {
    let claim = |name: &str| refused(tiny().with(Tensor::zeros(name, "F32", &[1])).bytes(), &[]);
    assert!(matches!(
        claim("layer2.4000000000.conv1.weight"),
        WeightError::Config(ConfigError::TooLarge { what: "blocks", .. })
    ));
    assert!(matches!(claim("layer2.256.conv1.weight"), WeightError::Config(ConfigError::TooLarge { .. })));
    assert!(
        matches!(claim("layer2.255.conv1.weight"), WeightError::Mismatch { missing, .. } if missing.len() > 253 * 15)
    );
    assert!(matches!(claim("layer5.0.conv1.weight"), WeightError::Config(_)));
    assert!(matches!(claim("layer18446744073709551615.0.conv1.weight"), WeightError::Config(_)));
    assert!(matches!(claim("layer99999999999999999999.0.conv1.weight"), WeightError::Mismatch { .. }));
    let mut two = tiny();
    two.tensors.retain(|tensor| !tensor.name.starts_with("layer3"));
    refused(two.bytes(), &["3 or 4 stages"]);
    let gap = tiny().renamed(|name| name.replace("layer3", "layer4"));
    let error = refused(gap.bytes(), &["layer3 has no blocks"]);
    assert_eq!(error, WeightError::Config(ConfigError::EmptyStage { stage: 3 }));
}

#[test]
fn tensors_are_asked_for_by_name_and_shape() {
    let checkpoint = Checkpoint::parse(tiny().bytes()).unwrap();
    assert_eq!(checkpoint.tensor("fc.bias", &[5]).unwrap().len(), 5);
    let error = checkpoint.tensor("fc.bias", &[5, 1]).unwrap_err();
    assert!(error.to_string().contains("fc.bias: shape [5, 1] requested, the weights have [5]"));
    let error = checkpoint.tensor("layer9.0.conv1.weight", &[5]).unwrap_err();
    assert_eq!(error, WeightError::NoSuchTensor("layer9.0.conv1.weight".to_owned()));
    assert!(matches!(checkpoint.tensor("bn1.num_batches_tracked", &[]), Err(WeightError::Dtype { .. })));
}
