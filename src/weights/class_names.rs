//! Lists of class names, as people keep them beside their weights.

use serde_json::Value;

use super::unique_keys;

/// The class names in a text, in the order of the logits: one per line, or JSON as in `labels.json`, which may be a list, or map
/// numbers to names or names to numbers. `None` for JSON that is no such list, such as a `config.json`.
pub fn class_names(text: &str) -> Option<Vec<String>> {
    let text = text.trim_start_matches('\u{feff}').trim();
    if text.starts_with('{') {
        return of_json(&Value::Object(unique_keys::parse(text).ok()?));
    }
    if text.starts_with('[') {
        return of_json(&serde_json::from_str(text).ok()?);
    }
    let names: Vec<String> = text.lines().map(str::trim).filter(|line| !line.is_empty()).map(str::to_owned).collect();
    (!names.is_empty()).then_some(names)
}

/// The class names in a JSON value.
pub(super) fn of_json(value: &Value) -> Option<Vec<String>> {
    let names: Vec<Option<String>> = match value {
        Value::Array(list) => list.iter().map(name).collect(),
        Value::Object(map) if map.values().all(Value::is_u64) => {
            // From names to numbers, as torchvision's `class_to_idx`.
            let mut names = vec![None; map.len()];
            for (text, index) in map {
                *names.get_mut(usize::try_from(index.as_u64()?).ok()?)? = Some(text.clone());
            }
            names
        }
        Value::Object(map) => (0..map.len()).map(|index| name(map.get(&index.to_string())?)).collect(),
        _ => return None,
    };
    names.into_iter().collect::<Option<Vec<String>>>().filter(|names| !names.is_empty())
}

/// A name by itself, or after its identifier in a list: `["n01440764", "tench"]`.
fn name(value: &Value) -> Option<String> {
    let text = value.as_str().or_else(|| value.as_array()?.last()?.as_str())?;
    Some(text.to_owned())
}
