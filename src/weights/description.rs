//! Reads the description that lies beside a file of weights, `config.json` or what people name so, into the fields of Cardinal's
//! own `config`.
//!
//! Takes timm's `config.json` in both of its layouts (all fields under `pretrained_cfg`, or all at the top), transformers'
//! `config.json` of a ResNet and its `preprocessor_config.json`, and the fields of Cardinal's own `config` as they are.
//!
//! As timm's `resolve_data_config(use_test_size=True)` and `transforms_imagenet_eval` do: a picture's shorter side is resized to
//! `floor(size / crop_pct)`, and the `test_*` fields, if present, have precedence over the plain ones, which may be those of
//! the training.

use serde_json::{Map, Value};

use super::WeightError;
use super::config_reader::ConfigReader;

/// timm's default for `crop_pct`.
const CROP_PCT: f64 = 0.875;

/// Fields that are taken as they are, at the top or under `pretrained_cfg`.
const OWN: [&str; 25] = [
    "architecture",
    "interpolation",
    "mean",
    "std",
    "dataset",
    "blocks",
    "planes",
    "out_channels",
    "strides",
    "stride_in_1x1",
    "cardinality",
    "base_width",
    "width_rule",
    "widths",
    "stem",
    "stem_channels",
    "conv_bias",
    "in_channels",
    "resize",
    "bn_eps",
    "test_accuracy",
    "licence",
    "origin",
    "recipe",
    "date",
];

/// Reads a description into the fields that a file's own `config` has.
pub(super) fn fields(json: &str) -> Result<ConfigReader, WeightError> {
    let top = ConfigReader::parse(json)?;
    let empty = Map::new();
    let nested = top.get("pretrained_cfg").and_then(Value::as_object).unwrap_or(&empty);
    let find = |name: &str| nested.get(name).or_else(|| top.get(name)).filter(|value| !value.is_null());
    let tested = |name: &str| find(&format!("test_{name}")).or_else(|| find(name));

    let mut members = Map::new();
    let mut state = |name: &str, value: Option<Value>| {
        if let Some(value) = value {
            members.insert(name.to_owned(), value);
        }
    };
    for name in OWN {
        state(name, find(name).cloned());
    }
    // Theirs, then ours.
    for (theirs, ours) in [
        ("license", "licence"),
        ("origin_url", "origin"),
        ("num_channels", "in_channels"),
        ("image_mean", "mean"),
        ("image_std", "std"),
        ("depths", "blocks"),
        // transformers' name for Caffe's convention.
        ("downsample_in_bottleneck", "stride_in_1x1"),
    ] {
        state(ours, find(theirs).cloned());
    }
    // The fine-tuned network's number of classes is at the top; that of the network it started from may be below.
    state("num_classes", top.get("num_classes").or_else(|| nested.get("num_classes")).cloned());
    state("classes", top.get("classes").cloned().or_else(|| labels(&top)));
    if let Some(resample) = find("resample") {
        // Pillow's numbers.
        let filter = match resample.as_u64() {
            Some(2) => "bilinear",
            Some(3) => "bicubic",
            _ => return Err(wrong("resample", "2 (bilinear) or 3 (bicubic)", resample)),
        };
        state("interpolation", Some(filter.into()));
    }
    if let Some(other) = find("hidden_act").filter(|name| name.as_str() != Some("relu")) {
        return Err(wrong("hidden_act", "relu", other));
    }
    if find("downsample_in_first_stage").and_then(Value::as_bool) == Some(true) {
        let stages = find("depths").and_then(Value::as_array).map_or(4, Vec::len);
        state("strides", Some(vec![2; stages].into()));
    }

    let side = match tested("input_size") {
        // Cardinal's own form: one number.
        Some(Value::Number(side)) => {
            state("input_size", Some(side.clone().into()));
            None
        }
        // [channels, height, width]
        Some(size) => {
            let sides = size.as_array().filter(|list| list.len() == 3 && list[1] == list[2]);
            let side = sides.and_then(|list| list[2].as_u64());
            if side.is_none() {
                return Err(wrong("input_size", "three numbers, channels and a square,", size));
            }
            state("in_channels", sides.map(|list| list[0].clone()));
            side
        }
        None => processed_side(&top)?,
    };
    if let Some(side) = side {
        state("input_size", Some(side.into()));
        let share = match tested("crop_pct") {
            None => CROP_PCT,
            Some(value) => match value.as_f64().filter(|share| *share > 0.0 && *share <= 1.0) {
                Some(share) => share,
                None => return Err(wrong("crop_pct", "a share above 0 to 1", value)),
            },
        };
        state("resize", Some(((side as f64 / share).floor() as u64).into()));
    }
    if let Some(mode) = find("crop_mode").filter(|mode| mode.as_str() != Some("center")) {
        return Err(wrong("crop_mode", "center", mode));
    }
    Ok(ConfigReader::new(members))
}

/// The side that transformers' image processor crops to, where the description is that of a processor.
fn processed_side(top: &ConfigReader) -> Result<Option<u64>, WeightError> {
    let Some(size) = top.get("size").filter(|_| top.get("image_mean").is_some()) else { return Ok(None) };
    let side = size.as_u64().or_else(|| size.get("shortest_edge").or_else(|| size.get("height"))?.as_u64());
    side.map(Some).ok_or_else(|| wrong("size", "a number, or `shortest_edge`", size))
}

/// Class names in the order of the logits.
fn labels(top: &ConfigReader) -> Option<Value> {
    let names = top.get("label_names").or_else(|| top.get("id2label"))?;
    Some(super::class_names::of_json(names).map_or_else(|| names.clone(), Value::from))
}

fn wrong(field: &'static str, expected: &str, got: &Value) -> WeightError {
    WeightError::ConfigField { field, expected: expected.to_owned(), got: got.to_string() }
}
