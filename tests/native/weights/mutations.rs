//! Property tests: no bytes cause a panic, and what is accepted is valid.

use cardinal::model::{ResNextConfig, Stem, WidthRule};
use cardinal::weights::{Checkpoint, Metadata, TensorSource, WeightError, tensor_shapes};
use proptest::prelude::*;
use proptest::sample::{Index, select};
use serde_json::{Value, json};

use super::support::{File, Net, Tensor, assemble};

const CONFIG: &str = r#"{"strides": [1, 2, 2], "classes": ["a", "b", "c", "d", "e"], "mean": [0.5, 0.5, 0.5]}"#;

fn tiny() -> File {
    Net::tiny().file("F16").with_config(CONFIG)
}

/// Parses the bytes and, if that succeeds, checks everything that callers rely on.
fn sound(bytes: Vec<u8>) -> Result<(), TestCaseError> {
    let checkpoint = match Checkpoint::parse(bytes.clone()) {
        Ok(checkpoint) => checkpoint,
        Err(error) => {
            let sentence = error.to_string();
            prop_assert!(!sentence.is_empty() && sentence.len() < 4000, "{sentence}");
            return Ok(());
        }
    };
    prop_assert!(safetensors::SafeTensors::deserialize(&bytes).is_ok());
    let config = checkpoint.config();
    prop_assert!(config.validate().is_ok());
    for (name, shape) in tensor_shapes(config).unwrap() {
        let values = checkpoint.tensor(&name, &shape).unwrap();
        prop_assert_eq!(values.len(), shape.iter().product::<usize>());
        prop_assert!(values.iter().all(|value| value.is_finite()));
    }
    let Metadata { classes, input_size, resize, mean, std, bn_eps, test_accuracy, .. } = checkpoint.metadata();
    prop_assert!(classes.as_ref().is_none_or(|names| names.len() == config.num_classes));
    prop_assert!((1..=2048).contains(input_size) && resize >= input_size);
    prop_assert_eq!([mean.len(), std.len()], [config.in_channels; 2]);
    prop_assert!(mean.iter().all(|value| value.is_finite()) && std.iter().all(|&value| value > 0.0));
    prop_assert!(bn_eps.is_finite() && *bn_eps >= 0.0);
    prop_assert!(test_accuracy.is_none_or(|value| (0.0..=1.0).contains(&value)));
    Ok(())
}

/// Sizes at the limits, and random ones.
fn size() -> impl Strategy<Value = u64> {
    prop_oneof![
        select(vec![0, 1, 2, 3, 4, 8, 32, 1 << 31, (1 << 32) - 1, 1 << 32, 1 << 62, u64::MAX / 2, u64::MAX]),
        0..100_u64,
        any::<u64>(),
    ]
}

/// JSON values that a faulty writer might put into a field.
fn value() -> impl Strategy<Value = Value> {
    let leaf = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        size().prop_map(Value::from),
        any::<f64>().prop_map(|number| json!(number)),
        any::<i64>().prop_map(Value::from),
        select(vec!["cifar", "imagenet", "bicubic", "quarter_out", "base_width", "resnext", ""]).prop_map(Value::from),
        ".{0,12}".prop_map(Value::from),
    ];
    leaf.prop_recursive(2, 8, 5, |inner| prop::collection::vec(inner, 0..6).prop_map(Value::from))
}

const FIELDS: [&str; 20] = [
    "architecture",
    "blocks",
    "planes",
    "strides",
    "cardinality",
    "base_width",
    "width_rule",
    "num_classes",
    "in_channels",
    "stem",
    "stem_channels",
    "conv_bias",
    "input_size",
    "resize",
    "interpolation",
    "mean",
    "std",
    "bn_eps",
    "classes",
    "test_accuracy",
];

fn quick() -> ProptestConfig {
    // The failing input is printed whole, so no file of seeds is kept.
    ProptestConfig { failure_persistence: None, ..ProptestConfig::default() }
}

proptest! {
    #![proptest_config(quick())]

    #[test]
    fn flipped_bytes(flips in prop::collection::vec((any::<Index>(), any::<u8>()), 1..9), in_header: bool) {
        let mut bytes = tiny().bytes();
        let end = if in_header { 8 + tiny().header().len() } else { bytes.len() };
        for (index, byte) in flips {
            bytes[index.index(end)] = byte;
        }
        sound(bytes)?;
    }

    #[test]
    fn cut_flipped_and_stretched(index: Index, flip: (Index, u8), tail in prop::collection::vec(any::<u8>(), 0..20)) {
        let mut bytes = tiny().bytes();
        let place = flip.0.index(bytes.len());
        bytes[place] = flip.1;
        bytes.truncate(index.index(bytes.len()));
        bytes.extend(tail);
        sound(bytes)?;
    }

    #[test]
    fn edited_headers(index: Index, edit in 0..6, a in size(), b in size(), text in ".{0,20}") {
        let file = tiny();
        let mut header: Value = serde_json::from_str(&file.header()).unwrap();
        let entries = header.as_object_mut().unwrap();
        let name = entries.keys().nth(index.index(entries.len())).unwrap().clone();
        match edit {
            0 => entries[&name]["shape"] = json!([a, b, 3, 3]),
            1 => entries[&name]["data_offsets"] = json!([a, b]),
            2 => entries[&name]["dtype"] = json!(["F32", "F16", "BF16", "I64", "F64", &text][a as usize % 6]),
            3 => { entries.remove(&name); }
            4 => {
                let entry = entries.remove(&name).unwrap();
                entries.insert(text, entry);
            }
            _ => entries[&name] = json!({ "dtype": "F16", "shape": [a], "data_offsets": [b, b.wrapping_add(a.wrapping_mul(2))] }),
        }
        sound(assemble(&header.to_string(), &file.data()))?;
    }

    #[test]
    fn reshaped_tensors(index: Index, shape in prop::collection::vec(0..70_u64, 0..6), kernel in select(vec![1_u64, 3, 5, 7])) {
        // The file stays valid; only the network is invalid.
        let mut file = tiny();
        let place = index.index(file.tensors.len());
        let name = file.tensors[place].name.clone();
        let shape = if shape.len() > 3 { vec![shape[0], shape[1], kernel, kernel] } else { shape };
        file.tensors[place] = Tensor::zeros(&name, "F16", &shape);
        sound(file.bytes())?;
    }

    #[test]
    fn random_bytes(bytes in prop::collection::vec(any::<u8>(), 0..200), length in 0..250_u64) {
        sound(bytes.clone())?;
        let framed = [&length.to_le_bytes()[..], b"{\"", &bytes].concat();
        sound(framed)?;
    }

    #[test]
    fn random_configs(fields in prop::collection::btree_map(select(&FIELDS[..]), value(), 0..4), raw in ".{0,40}") {
        sound(tiny().with_config(&json!(fields).to_string()).bytes())?;
        sound(tiny().with_config(&raw).bytes())?;
    }

    #[test]
    fn stray_names(names in prop::collection::vec("(layer[0-9]{1,20}\\.)?([0-9]{1,20}\\.)?(conv[123]|bn[12]|fc|se)?\\.?(weight|bias)?", 1..5)) {
        let file = names.iter().fold(tiny(), |file, name| file.with(Tensor::zeros(name, "F16", &[2])));
        sound(file.bytes())?;
    }

}

proptest! {
    #![proptest_config(ProptestConfig { cases: 64, ..quick() })]

    /// Every network that is written is read back unchanged.
    #[test]
    fn networks_are_read_back(
        blocks in prop::collection::vec(1..3_usize, 3..5),
        first_planes in 1..9_usize,
        cardinality in 1..6_usize,
        base_width in 1..80_usize,
        stem_channels in 1..20_usize,
        (cifar, grey, conv_bias, quarter) in any::<(bool, bool, bool, bool)>(),
    ) {
        let stages = blocks.len();
        let config = ResNextConfig {
            out_channels: (0..stages).map(|stage| (4 * first_planes) << stage).collect(),
            stride_in_1x1: false,
            head_bias: true,
            strides: [1, 2, 2, 2][..stages].to_vec(),
            blocks,
            cardinality,
            base_width,
            width_rule: if quarter { WidthRule::QuarterOut } else { WidthRule::BaseWidth },
            num_classes: 3,
            in_channels: if grey { 1 } else { 3 },
            stem: if cifar { Stem::Cifar } else { Stem::Imagenet },
            stem_channels,
            conv_bias,
        };
        prop_assume!(config.validate().is_ok());
        let tensors = tensor_shapes(&config).unwrap().into_iter().map(|(name, shape)| {
            Tensor::zeros(&name, "F16", &shape.iter().map(|&dim| dim as u64).collect::<Vec<_>>())
        });
        let file = File { tensors: tensors.collect(), metadata: vec![] };
        let read = Checkpoint::parse(file.bytes()).unwrap().config().clone();
        for stage in 0..stages {
            prop_assert_eq!(read.width(stage), config.width(stage));
        }
        // Shapes do not determine the rule nor, below 64 planes, the base width.
        let (base_width, width_rule) = (read.base_width, read.width_rule.clone());
        prop_assert_eq!(read, ResNextConfig { base_width, width_rule, ..config.clone() });
        let rule = if quarter { "quarter_out" } else { "base_width" };
        let stated = json!({ "base_width": config.base_width, "width_rule": rule }).to_string();
        prop_assert_eq!(Checkpoint::parse(file.with_config(&stated).bytes()).unwrap().config().clone(), config);
    }
}

#[test]
fn the_unmutated_file_is_accepted() {
    assert!(Checkpoint::parse(tiny().bytes()).is_ok());
    assert!(sound(tiny().bytes()).is_ok());
    let error = Checkpoint::parse(tiny().bytes()[1..].to_vec()).err();
    assert!(matches!(error, Some(WeightError::HeaderTooLarge { .. } | WeightError::Truncated { .. })), "{error:?}");
}
