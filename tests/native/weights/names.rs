//! Names of tensors as people's files have them: each is read as its twin with PyTorch's keys.

use cardinal::classifier::{Device, Engine};
use cardinal::model::{BlockForm, Graph};
use cardinal::plan::{LOGITS, Plan, PlanKind, PlanOptions};
use cardinal::shape::Nchw;
use cardinal::weights::{Checkpoint, Container, Reading, TensorSource, WeightError};
use safetensors::SafeTensors;

use super::refused;
use super::support::{File, Net, Tensor, read};
use crate::common::compare::{compare, demand};

/// The network that all files of the field hold: cardinality 5, 3 stages, 6 classes, strides 1, 2, 2.
fn twin() -> File {
    File::read("tests/data/field/checkpoints/twin.safetensors")
}

fn open(file: File) -> Checkpoint<Vec<u8>> {
    Checkpoint::parse(file.bytes()).unwrap_or_else(|error| panic!("{error}"))
}

/// The logits for the field's input, by the CPU.
fn logits(checkpoint: &Checkpoint<Vec<u8>>) -> Vec<f32> {
    let io = read("tests/data/field/checkpoints/io.safetensors");
    let input = values(&io, "input");
    let graph = Graph::build(checkpoint.config(), 1, (24, 20), BlockForm::C).unwrap();
    assert_eq!(graph.input_shape(), Nchw::new(1, 3, 24, 20));
    let plan = Plan::new(graph, PlanOptions::from(PlanKind::Fused)).unwrap();
    pollster::block_on(async {
        let engine = Engine::build(&Device::Cpu, plan, checkpoint, &|_| {}).await.unwrap();
        engine.run(&input).await.unwrap().outputs.values(LOGITS).to_vec()
    })
}

fn values(file: &[u8], tensor: &str) -> Vec<f32> {
    let file = SafeTensors::deserialize(file).unwrap();
    let bytes = file.tensor(tensor).unwrap().data().to_vec();
    bytes.as_chunks::<4>().0.iter().map(|&value| f32::from_le_bytes(value)).collect()
}

/// Reads a file that must answer as the twin does, to the bit.
#[track_caller]
fn as_the_twin(file: File) -> Reading {
    let checkpoint = open(file);
    assert_eq!(*checkpoint.config(), *open(twin()).config());
    assert_eq!(logits(&checkpoint), logits(&open(twin())));
    checkpoint.reading().clone()
}

fn pairs(list: &[(&str, &str)]) -> Vec<(String, String)> {
    list.iter().map(|(from, to)| ((*from).to_owned(), (*to).to_owned())).collect()
}

fn extra(name: &str, shape: &[u64]) -> Tensor {
    Tensor::zeros(name, "F32", shape)
}

#[test]
fn the_twin_answers_as_pytorch_does() {
    let checkpoint = open(twin());
    let expected = values(&read("tests/data/field/checkpoints/io.safetensors"), "logits64");
    let expected: Vec<f64> = expected.into_iter().map(f64::from).collect();
    demand(vec![compare("twin", &logits(&checkpoint), &expected, 1e-5)]);
    let reading = Reading {
        container: Container::Safetensors,
        path: vec![],
        prefix: String::new(),
        layout: String::new(),
        renamed: vec![],
        left_aside: vec![],
        strides_guessed: false,
        preparation_guessed: true,
    };
    assert_eq!(*checkpoint.reading(), reading);
}

#[test]
fn any_prefix_is_removed() {
    for prefix in [
        "module.",
        "_orig_mod.module.",
        "model.",
        "backbone.",
        "encoder.",
        "timm_model.",
        "net.trunk.0.",
        "fc.",
        "layer1.",
        "0.",
        "ümläut.",
    ] {
        let reading = as_the_twin(twin().renamed(|name| format!("{prefix}{name}")));
        assert_eq!(reading.prefix, prefix);
        assert_eq!((reading.renamed, reading.left_aside), (vec![], vec![]));
    }
}

#[test]
fn heads_are_found_under_their_names() {
    for head in ["head.fc", "classifier", "fc.1", "last_linear", "head", "classifier.1", "linear", "output"] {
        let reading = as_the_twin(twin().renamed(|name| name.replace("fc.", &format!("{head}."))));
        assert_eq!(reading.renamed, pairs(&[(head, "fc")]));
    }
    // Beside the network's own prefix.
    for (body, head) in [
        ("backbone.", "head."),
        ("backbone.", "head.fc."),
        ("encoder.", "fc."),
        ("module.encoder.", "module.classifier."),
        ("model.backbone.", "model.head.1."),
    ] {
        let place =
            |name: &str| if name.starts_with("fc.") { name.replace("fc.", head) } else { format!("{body}{name}") };
        assert_eq!(as_the_twin(twin().renamed(place)).prefix, body);
    }
    // A convolution of 1×1 is a linear layer.
    let mut convolution = twin();
    convolution.get_mut("fc.weight").shape.extend([1, 1]);
    as_the_twin(convolution);
}

#[test]
fn shortcuts_are_found_under_their_names() {
    for (from, convolution, norm) in [
        ("shortcut", "0", "1"),
        ("skip", "0", "1"),
        ("identity_downsample", "0", "1"),
        ("shortcut", "conv", "bn"),
        ("skip", "shortcut_conv", "shortcut_bn"),
    ] {
        let rename = |name: &str| {
            let name = name.replace("downsample.0", &format!("{from}.{convolution}"));
            name.replace("downsample.1", &format!("{from}.{norm}"))
        };
        assert_eq!(as_the_twin(twin().renamed(rename)).renamed, pairs(&[(from, "downsample")]));
    }
}

#[test]
fn what_stands_beside_the_network_is_left_aside_and_told() {
    let beside = twin()
        .renamed(|name| format!("model.{name}"))
        .with(extra("criterion.weight", &[6]))
        .with(extra("val_acc.tp", &[6]))
        .with(extra("val_acc.fp", &[6]))
        .with(extra("projector.0.weight", &[7, 7]));
    let told = ["criterion.weight", "projector.0.weight", "val_acc (2 tensors)"];
    assert_eq!(as_the_twin(beside).left_aside, told);
    // Without a prefix, what can be no part of a network is left aside too.
    let queue = twin().with(extra("queue", &[16, 8])).with(extra("queue_ptr", &[1])).with(extra("n_averaged", &[]));
    assert_eq!(as_the_twin(queue).left_aside, ["n_averaged", "queue", "queue_ptr"]);
    let inside = twin().renamed(|name| format!("module.{name}")).with(extra("module.loss.centers", &[6, 128]));
    assert_eq!(as_the_twin(inside).left_aside, ["module.loss.centers"]);
    // What may be a part is refused by its name.
    for name in ["conv2.weight", "neck.conv.weight", "norm.running_mean", "layer1.0.gate", "bn2.weight"] {
        let rank = if name.ends_with("conv.weight") { 4 } else { 1 };
        refused(twin().with(extra(name, &vec![1; rank])).bytes(), &["not expected (1)", name]);
    }
    for name in ["pool.p", "attnpool.k_proj.weight", "gem.p"] {
        refused(twin().with(extra(name, &[1])).bytes(), &["learned pooling", name]);
        let prefixed = twin().renamed(|name| format!("backbone.{name}")).with(extra(name, &[1]));
        refused(prefixed.bytes(), &["learned pooling", name]);
    }
}

#[test]
fn of_several_networks_the_one_that_is_meant_is_read() {
    let both = |first: &str, second: &str| {
        let mut file = twin().renamed(|name| format!("{first}{name}"));
        file.tensors.extend(twin().renamed(|name| format!("{second}{name}")).tensors.into_iter().map(|mut tensor| {
            tensor.bytes.fill(0);
            tensor
        }));
        file
    };
    let moco = both("encoder_q.", "encoder_k.").with(extra("queue", &[16, 8])).with(extra("queue_ptr", &[1]));
    let reading = as_the_twin(moco);
    assert_eq!(reading.prefix, "encoder_q.");
    assert_eq!(reading.left_aside, ["encoder_k (98 tensors)", "queue", "queue_ptr"]);
    assert_eq!(as_the_twin(both("module.encoder_q.0.", "module.encoder_k.0.")).prefix, "module.encoder_q.0.");
    assert_eq!(as_the_twin(both("backbone.", "encoder_k.module.0.")).prefix, "backbone.");
    for (first, second) in [("model.", "ema."), ("", "teacher."), ("student.backbone.", "teacher.backbone.")] {
        let error = refused(
            both(first, second).bytes(),
            &["several networks", &format!("`{first}layer1…`"), &format!("`{second}layer1…`")],
        );
        assert!(matches!(error, WeightError::Networks { prefixes } if prefixes.len() == 2));
    }
}

#[test]
fn heads_that_are_none_are_refused_by_what_they_are() {
    let without = || twin().without(&["fc.weight", "fc.bias"]);
    let two = without()
        .with(extra("fc.0.weight", &[9, 128]))
        .with(extra("fc.0.bias", &[9]))
        .with(extra("fc.3.weight", &[6, 9]))
        .with(extra("fc.3.bias", &[6]));
    let error = refused(two.bytes(), &["2 layers", "fc.0, fc.3"]);
    assert!(matches!(error, WeightError::HeadLayers { layers } if layers.len() == 2));
    let candidates = twin().with(extra("classifier.weight", &[3, 128])).with(extra("classifier.bias", &[3]));
    let error = refused(candidates.bytes(), &["2 layers of this file could be", "classifier, fc"]);
    assert!(matches!(error, WeightError::Heads { .. }));
    // Only one of them reads what the network gives.
    let reading = as_the_twin(twin().renamed(|name| format!("backbone.{name}")).with(extra("head.weight", &[3, 64])));
    assert_eq!(reading.left_aside, ["head.weight"]);
}

/// PyTorch's key under another layout's names; `parts` are those of a block.
fn renamed(key: &str, stem: [&str; 2], block: impl Fn(usize, usize) -> String, parts: [&str; 8]) -> String {
    const PARTS: [&str; 8] = ["conv1", "bn1", "conv2", "bn2", "conv3", "bn3", "downsample.0", "downsample.1"];
    for (ours, theirs) in ["conv1.", "bn1."].into_iter().zip(stem) {
        if let Some(tensor) = key.strip_prefix(ours) {
            return format!("{theirs}.{tensor}");
        }
    }
    let Some(inside) = key.strip_prefix("layer") else { return key.to_owned() };
    let mut pieces = inside.splitn(3, '.');
    let mut number = || pieces.next().unwrap().parse::<usize>().unwrap();
    let block = block(number(), number());
    let part = pieces.next().unwrap();
    let place = PARTS.iter().position(|ours| part.starts_with(&format!("{ours}."))).unwrap();
    format!("{block}.{}{}", parts[place], &part[PARTS[place].len()..])
}

const PYTORCHS: [&str; 8] = ["conv1", "bn1", "conv2", "bn2", "conv3", "bn3", "shortcut.conv", "shortcut.bn"];

#[test]
fn layouts_of_other_code_are_read() {
    let cifar = twin().renamed(|key| {
        let parts = [
            "conv_reduce",
            "bn_reduce",
            "conv_conv",
            "bn",
            "conv_expand",
            "bn_expand",
            "shortcut.shortcut_conv",
            "shortcut.shortcut_bn",
        ];
        let block = |stage, block| format!("module.stage_{stage}.stage_{stage}_bottleneck_{block}");
        let name = renamed(key, ["module.conv_1_3x3", "module.bn_1"], block, parts);
        name.replace("fc.", "module.classifier.")
    });
    let reading = as_the_twin(cifar);
    assert_eq!((reading.layout.as_str(), reading.prefix.as_str()), ("ResNeXt.pytorch", "module."));
    assert_eq!(reading.renamed, pairs(&[("classifier", "fc")]));

    let hysts =
        |key: &str| renamed(key, ["conv", "bn"], |stage, block| format!("stage{stage}.block{}", block + 1), PYTORCHS);
    assert_eq!(as_the_twin(twin().renamed(hysts)).layout, "pytorch_image_classification");

    for stem in [["init_block.conv.conv", "init_block.conv.bn"], ["init_block.conv", "init_block.bn"]] {
        let parts = [
            "body.conv1.conv",
            "body.conv1.bn",
            "body.conv2.conv",
            "body.conv2.bn",
            "body.conv3.conv",
            "body.conv3.bn",
            "identity_conv.conv",
            "identity_conv.bn",
        ];
        let stem = stem.map(|part| format!("features.{part}"));
        let stem = [stem[0].as_str(), &stem[1]];
        let block = |stage, block| format!("features.stage{stage}.unit{}", block + 1);
        let file = twin().renamed(|key| renamed(key, stem, block, parts).replace("fc.", "output."));
        assert_eq!(as_the_twin(file).layout, "pytorchcv");
    }

    let children =
        |key: &str| renamed(key, ["f.0", "f.1"], |stage, block| format!("f.{}.{block}", stage + 3), PYTORCHS);
    assert_eq!(as_the_twin(twin().renamed(children)).layout, "torch.nn.Sequential");
}

#[test]
fn transformers_resnets_are_read() {
    let rename = |key: &str| {
        let parts = [
            "layer.0.convolution",
            "layer.0.normalization",
            "layer.1.convolution",
            "layer.1.normalization",
            "layer.2.convolution",
            "layer.2.normalization",
            "shortcut.convolution",
            "shortcut.normalization",
        ];
        let stem = ["resnet.embedder.embedder.convolution", "resnet.embedder.embedder.normalization"];
        let block = |stage, block| format!("resnet.encoder.stages.{}.layers.{block}", stage - 1);
        renamed(key, stem, block, parts).replace("fc.", "classifier.1.")
    };
    let net = Net { cardinality: 1, widths: Net::resnext50().planes, blocks: vec![1, 2, 1, 1], ..Net::resnext50() };
    let checkpoint = open(net.file("F16").renamed(rename));
    assert_eq!(*checkpoint.config(), *open(net.file("F16")).config());
    let reading = checkpoint.reading();
    assert_eq!((reading.layout.as_str(), reading.prefix.as_str()), ("Hugging Face transformers", "resnet."));
    assert_eq!(reading.renamed, pairs(&[("classifier.1", "fc")]));
    // Its RegNets have the same names, another stem and other blocks.
    let regnet = Net { stem: 3, ..net }.file("F16").renamed(|key| rename(key).replace("resnet.", "regnet."));
    refused(regnet.bytes(), &["RegNet", "regnet.embedder.embedder.convolution.weight", "7×7"]);
}

/// A seed document's own network: biases in all convolutions but the stem's, a shortcut called `shortcut`, a quarter of the
/// output as width.
#[test]
fn a_stem_without_bias_in_a_network_with_biases_is_read() {
    let planes = Net::resnext50().planes;
    let net = Net { blocks: vec![1; 4], widths: planes, conv_bias: true, classes: 10, ..Net::resnext50() };
    let file = net.file("F16").without(&["conv1.bias"]).renamed(|name| name.replace("downsample", "shortcut"));
    let checkpoint = open(file.clone());
    assert_eq!(*checkpoint.config(), *open(net.file("F16")).config());
    assert_eq!(*checkpoint.tensor("conv1.bias", &[64]).unwrap(), [0.0; 64]);
    assert_eq!(checkpoint.reading().renamed, pairs(&[("shortcut", "downsample")]));
    refused(file.without(&["layer2.0.conv1.bias"]).bytes(), &["missing (1): layer2.0.conv1.bias"]);
}

#[test]
fn networks_that_compute_something_else_are_refused() {
    for architecture in ["resnetaa50", "resnextaa101d", "resnetblur50", "resnext50_32x4d_lpf4"] {
        let config = format!(r#"{{"architecture": "{architecture}"}}"#);
        refused(twin().with_config(&config).bytes(), &["anti-aliased", architecture, "blurs"]);
    }
    refused(twin().with(extra("layer2.0.conv3.1.filt", &[1])).bytes(), &["anti-aliased", "filt"]);
    let quantised = twin().with(extra("conv1.scale", &[])).with(extra("conv1.zero_point", &[]));
    refused(quantised.bytes(), &["quantised", "conv1.scale", "integers"]);
}

#[test]
fn strides_and_preparation_are_told_as_guesses() {
    let guessed = |config: &str| {
        let reading = open(twin().with_config(config)).reading().clone();
        (reading.strides_guessed, reading.preparation_guessed)
    };
    assert_eq!(guessed("{}"), (true, true));
    assert_eq!(guessed(r#"{"strides": [1, 2, 2]}"#), (false, true));
    assert_eq!(guessed(r#"{"architecture": "resnext", "mean": [0.5, 0.5, 0.5]}"#), (false, false));
    let set = open(twin().with_config("{}")).with_strides(vec![1, 2, 2]).unwrap();
    assert!(!set.reading().strides_guessed);
}
