//! Weights files: what is read from valid ones, and the errors for invalid ones.
//!
//! Needs only the fixtures. A refusal is checked by its value and by its text.

mod beside;
mod configs;
mod container;
mod heads;
mod mutations;
mod names;
mod pth;
mod refusals;
mod saved;
mod stored;
mod support;
mod values;
mod widths;

use cardinal::image::Interpolation;
use cardinal::model::{BlockForm, Graph, ResNextConfig, Stem, WidthRule};
use cardinal::weights::{Checkpoint, TensorSource, WeightError, tensor_shapes};
use cardinal::zoo::bundled::{SAME_TRAINING, SAME_TRAINING_EPOCHS, SameTraining, cifar};
use cardinal::zoo::{self, Location};
use serde_json::Value;
use sha2::{Digest, Sha256};
use support::{File, Net, Tensor, read};

/// The error of a file that must be refused; its text must contain `words`.
#[track_caller]
fn refused(bytes: Vec<u8>, words: &[&str]) -> WeightError {
    let error = Checkpoint::parse(bytes).err().expect("refused");
    let sentence = error.to_string();
    for word in words {
        assert!(sentence.contains(word), "`{word}` not in: {sentence}");
    }
    error
}

/// The configuration of a golden network, converted from the generator's fields.
fn golden_config(case: &Value) -> ResNextConfig {
    let config = &case["config"];
    let sizes = |key: &str, usual: &[usize]| match config[key].as_array() {
        Some(list) => list.iter().map(|item| item.as_u64().unwrap() as usize).collect(),
        None => usual.to_vec(),
    };
    let size = |key: &str, usual: usize| config[key].as_u64().map_or(usual, |value| value as usize);
    let planes = sizes("planes", &[]);
    let cardinality = size("cardinality", 4);
    // In the generator, the width of stage s is `cardinality * base_width * 2^s`, or its planes.
    let base_width = match config["width"].as_str() {
        Some(_) => 64 / cardinality,
        None => size("base_width", 4) * 64 / planes[0],
    };
    ResNextConfig {
        stride_in_1x1: false,
        head_bias: true,
        blocks: sizes("layers", &vec![1; planes.len()]),
        strides: sizes("strides", &[1, 2, 2, 2]),
        cardinality,
        base_width,
        width_rule: WidthRule::BaseWidth,
        num_classes: 10,
        in_channels: size("in_channels", 3),
        stem: if config["stem"] == "cifar" { Stem::Cifar } else { Stem::Imagenet },
        stem_channels: 16,
        conv_bias: config["conv_bias"] == true,
        out_channels: planes.iter().map(|planes| 4 * planes).collect(),
    }
}

#[test]
fn golden_networks_are_inferred() {
    for name in ["tiny_bias", "tiny_c4", "tiny_c8", "tiny_cifar3", "tiny_gray", "tiny_identity"] {
        let bytes = read(&format!("tests/data/golden/models/{name}.weights.safetensors"));
        let (_, header) = safetensors::SafeTensors::read_metadata(&bytes).unwrap();
        let case: Value = serde_json::from_str(&header.metadata().as_ref().unwrap()["case"]).unwrap();
        let checkpoint = Checkpoint::parse(bytes.clone()).unwrap();
        assert_eq!(*checkpoint.config(), golden_config(&case), "{name}");
        assert_eq!(parameters(checkpoint.config()), case["params"].as_u64().unwrap(), "{name}");
        let theirs = safetensors::SafeTensors::deserialize(&bytes).unwrap();
        for (tensor, shape) in tensor_shapes(checkpoint.config()).unwrap() {
            let values = checkpoint.tensor(&tensor, &shape).unwrap();
            let bytes: Vec<u8> = values.iter().flat_map(|value| value.to_le_bytes()).collect();
            assert_eq!(bytes, theirs.tensor(&tensor).unwrap().data(), "{name} {tensor}");
        }
    }
}

/// Number of learned parameters: of all tensors except the running statistics.
fn parameters(config: &ResNextConfig) -> u64 {
    let shapes = tensor_shapes(config).unwrap();
    let learned = shapes.iter().filter(|(name, _)| !name.contains("running_"));
    learned.map(|(_, shape)| shape.iter().product::<usize>() as u64).sum()
}

/// What the page states of a file before it is fetched equals what the file states.
#[test]
fn shipped_networks_are_what_the_page_says_of_them() {
    let offer = zoo::offers().remove(0);
    assert_eq!(offer.trained[0].config, offer.config);
    for weights in offer.trained {
        let Location::Bundled(path) = weights.location else {
            panic!("{:?} does not lie beside the page", weights.location)
        };
        let bytes = read(&path);
        assert_eq!(weights.bytes, bytes.len() as u64, "{path}");
        let sha256: String = Sha256::digest(&bytes).iter().map(|byte| format!("{byte:02x}")).collect();
        assert_eq!(weights.sha256, Some(sha256), "{path}");
        let checkpoint = Checkpoint::parse(bytes).unwrap_or_else(|error| panic!("{path}: {error}"));
        assert_eq!(*checkpoint.config(), weights.config, "{path}");
        let metadata = checkpoint.metadata();
        assert_eq!(metadata.test_accuracy, weights.top1, "{path}");
        assert_eq!(metadata.classes.as_ref().unwrap()[3], "cat", "{path}");
        assert_eq!((metadata.input_size, metadata.resize), (32, 32), "{path}");
        assert_eq!(metadata.interpolation, Interpolation::Bilinear, "{path}");
        assert_eq!(metadata.mean, [0.4914, 0.4822, 0.4465], "{path}");
        assert_eq!(metadata.std, [0.247, 0.2435, 0.2616], "{path}");
        assert_eq!(metadata.dataset.as_deref(), Some("CIFAR-10"), "{path}");
        assert_eq!(metadata.bn_eps, 1e-5, "{path}");
    }
}

/// What the page states of networks with the same training equals the logs of their training.
#[test]
fn networks_with_the_same_training_are_what_their_logs_say() {
    let mut recipes = Vec::new();
    for SameTraining { cardinality, base_width, top1, work } in SAME_TRAINING {
        // The network that is not shipped has the same name as the one of 30 epochs.
        let ending = if cardinality == 8 { "_15_epochs" } else { "" };
        let path = format!("train/logs/resnext20_{cardinality}x{base_width}d_cifar10{ending}.json");
        let log: Value = serde_json::from_slice(&read(&path)).unwrap();
        let epochs = log["epochs"].as_array().unwrap();
        assert_eq!(epochs.len(), SAME_TRAINING_EPOCHS, "{path}");
        // The log was written before the weights were rounded to f16.
        let counted = epochs[SAME_TRAINING_EPOCHS - 1]["test"].as_f64().unwrap();
        assert!((counted - top1).abs() < 2.5e-4, "{path}: {counted}, {top1} stated");
        let graph = Graph::build(&cifar(cardinality, base_width), 1, (32, 32), BlockForm::C).unwrap();
        assert_eq!(log["multiply_adds"].as_u64(), Some(graph.macs()), "{path}");
        let more = graph.macs() as f64 / TWINS_MACS - 1.0;
        let told = if more.abs() < 0.01 { String::new() } else { format!(" ({:.0} % more compute)", 100.0 * more) };
        assert_eq!(work, told, "{path}");
        let mut recipe = log["arguments"].as_object().unwrap().clone();
        assert_eq!(recipe.remove("cardinality").unwrap(), cardinality.to_string(), "{path}");
        assert_eq!(recipe.remove("base_width").unwrap(), base_width.to_string(), "{path}");
        recipes.push(recipe);
    }
    assert!(recipes.iter().all(|recipe| *recipe == recipes[0]), "{recipes:?}");
}

/// Multiply-adds of 1×41d; 32×2d has as many within half a per cent.
const TWINS_MACS: f64 = 83_607_040.0;

#[test]
fn torchvisions_resnext50_is_inferred_from_320_entries() {
    let file = Net::resnext50().file("F16");
    assert_eq!(file.tensors.len(), 320);
    let checkpoint = Checkpoint::parse(file.bytes()).unwrap();
    assert_eq!(*checkpoint.config(), ResNextConfig::preset("resnext50_32x4d").unwrap());
    assert_eq!(tensor_shapes(checkpoint.config()).unwrap().len(), 267);
    assert_eq!(parameters(checkpoint.config()), 25_028_904);
    let metadata = checkpoint.metadata();
    assert_eq!((metadata.input_size, metadata.resize), (224, 256));
    assert_eq!((metadata.mean[0], metadata.std[2]), (0.485, 0.225));
    assert_eq!((metadata.classes.as_ref(), metadata.test_accuracy), (None, None));
}

#[test]
fn the_papers_widths_and_the_seeds_are_inferred() {
    // Cardinality, base width and the widths of the paper's Table 2; one block per stage and grey input for brevity.
    for (cardinality, base_width, width) in [(1, 64, 64), (2, 40, 80), (4, 24, 96), (8, 14, 112), (64, 4, 256)] {
        let widths = [1, 2, 4, 8].map(|scale| scale * width).to_vec();
        let net = Net { blocks: vec![1; 4], widths, cardinality, in_channels: 1, classes: 7, ..Net::resnext50() };
        let config = Checkpoint::parse(net.file("BF16").bytes()).unwrap().config().clone();
        assert_eq!((config.cardinality as u64, config.base_width), (cardinality, base_width));
        assert_eq!((config.in_channels, config.num_classes, config.width(3) as u64), (1, 7, 8 * width));
    }
    let net = Net { blocks: vec![1; 4], widths: Net::resnext50().planes, conv_bias: true, ..Net::resnext50() };
    let biased = ResNextConfig { blocks: vec![1; 4], ..ResNextConfig::preset("resnext50_biased").unwrap() };
    let file = net.file("F16");
    let plain = Checkpoint::parse(file.bytes()).unwrap().config().clone();
    assert_eq!(plain, ResNextConfig { width_rule: WidthRule::BaseWidth, ..biased.clone() });
    let stated = file.with_config(r#"{"width_rule": "quarter_out"}"#);
    assert_eq!(*Checkpoint::parse(stated.bytes()).unwrap().config(), biased);
}

#[test]
fn quarter_widths_that_no_base_width_gives_are_inferred() {
    // 16 and 64 channels per group with 48 and 186 planes need base widths of 22 and of at most 21.
    let planes = vec![48, 96, 186];
    let net = Net { cardinality: 3, widths: planes.clone(), planes, ..Net::tiny() };
    let config = Checkpoint::parse(net.file("F32").bytes()).unwrap().config().clone();
    assert_eq!((&config.width_rule, config.width(2)), (&WidthRule::QuarterOut, 186));
}

#[test]
fn files_of_the_safetensors_crate_are_read() {
    use safetensors::tensor::{Dtype, TensorView, serialize};
    let file = Net::tiny().file("F32");
    let views: Vec<(String, TensorView<'_>)> = file
        .tensors
        .iter()
        .map(|tensor| {
            let dtype = if tensor.dtype == "I64" { Dtype::I64 } else { Dtype::F32 };
            let shape = tensor.shape.iter().map(|&dim| dim as usize).collect();
            (tensor.name.clone(), TensorView::new(dtype, shape, &tensor.bytes).unwrap())
        })
        .collect();
    let bytes = serialize(views, None).unwrap();
    assert_eq!(Checkpoint::parse(bytes).unwrap().config().blocks, [1, 2, 1]);
}

#[test]
fn counts_of_training_steps_are_ignored_in_any_form() {
    let parse = |file: File| Checkpoint::parse(file.bytes()).map(|checkpoint| checkpoint.config().clone());
    let with = Net::tiny().file("F32");
    let mut without = with.clone();
    without.tensors.retain(|tensor| !tensor.name.ends_with("num_batches_tracked"));
    let mut listed = with.clone();
    listed.get_mut("bn1.num_batches_tracked").shape = vec![1];
    let mut halved = without.clone();
    // A whole state_dict cast to f16 by hand makes the counter f16; its value is not used.
    halved.tensors.push(Tensor { bytes: vec![0x00, 0x7c], ..Tensor::zeros("bn1.num_batches_tracked", "F16", &[]) });
    let config = parse(with.clone()).unwrap();
    for file in [without, listed, halved] {
        assert_eq!(parse(file).unwrap(), config);
    }
    let stray = with.with(Tensor::zeros("layer1.0.conv1.num_batches_tracked", "I64", &[]));
    refused(stray.bytes(), &["not expected (1): layer1.0.conv1.num_batches_tracked"]);
}
