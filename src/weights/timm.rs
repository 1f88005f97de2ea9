//! Converts timm's `config.json`, which lies beside a hosted checkpoint, to the fields of Cardinal's `config`.
//!
//! As timm's `resolve_data_config(use_test_size=True)` and `transforms_imagenet_eval` do: a picture's shorter side is resized to
//! `floor(size / crop_pct)`, and the `test_*` fields, if present, have precedence over the plain ones, which may be those of
//! the training.

use serde_json::{Map, Value};

use super::WeightError;
use super::config_reader::ConfigReader;

/// timm's default for `crop_pct`.
const CROP_PCT: f64 = 0.875;

/// Reads `config.json` into the fields that a file's own `config` has.
///
/// Takes timm's layout (all fields under `pretrained_cfg`) and its older one (all fields at the top). Class names come from
/// `label_names` or, as in transformers, `id2label`.
pub(super) fn config(json: &str) -> Result<ConfigReader, WeightError> {
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
    for name in ["architecture", "interpolation", "mean", "std"] {
        state(name, find(name).cloned());
    }
    // The fine-tuned network's number of classes is at the top; that of the network it started from may be below.
    state("num_classes", top.get("num_classes").or_else(|| nested.get("num_classes")).cloned());
    state("classes", labels(&top));
    state("licence", find("license").cloned());
    state("origin", find("origin_url").cloned());
    state("dataset", find("dataset").cloned());

    if let Some(size) = tested("input_size") {
        // [channels, height, width]
        let sides = size.as_array().filter(|list| list.len() == 3 && list[1] == list[2]);
        let side = sides.and_then(|list| list[2].as_u64());
        let Some(side) = side else { return Err(wrong("input_size", "three numbers, channels and a square,", size)) };
        state("input_size", Some(side.into()));
        state("in_channels", sides.map(|list| list[0].clone()));
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

/// Class names in the order of the logits.
fn labels(top: &ConfigReader) -> Option<Value> {
    if let Some(names) = top.get("label_names") {
        return Some(names.clone());
    }
    let by_index = top.get("id2label")?.as_object()?;
    let names: Option<Vec<Value>> =
        (0..by_index.len()).map(|index| by_index.get(&index.to_string()).cloned()).collect();
    names.map(Value::Array)
}

fn wrong(field: &'static str, expected: &str, got: &Value) -> WeightError {
    WeightError::ConfigField { field, expected: expected.to_owned(), got: got.to_string() }
}
