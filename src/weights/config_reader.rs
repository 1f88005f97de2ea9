//! Typed access to the fields of a file's `config`; every error names its field.

use std::fmt::Debug;

use serde_json::{Map, Value};

use super::{WeightError, unique_keys};

/// The members of the object; `null` counts as absent, as Python's `None` is written.
#[derive(Clone, Debug, Default)]
pub(super) struct ConfigReader(Map<String, Value>);

impl ConfigReader {
    pub(super) fn parse(json: &str) -> Result<Self, WeightError> {
        match unique_keys::parse(json) {
            Ok(mut fields) => {
                fields.retain(|_, value| !value.is_null());
                Ok(Self(fields))
            }
            // Python writes NaN and Infinity, which are not JSON; the text around them shows which field they are in.
            Err(error) => Err(WeightError::ConfigJson { near: around(json, &error), message: error.to_string() }),
        }
    }

    /// A reader over members that were converted from another format.
    pub(super) fn new(members: Map<String, Value>) -> Self {
        Self(members)
    }

    /// Adds the members of another description; those that both have stay as they are here.
    pub(super) fn complete_by(&mut self, other: Self) {
        // A size to resize to belongs to the size of the crop that it was stated with.
        let resizes_otherwise = self.0.contains_key("input_size");
        for (name, value) in other.0 {
            if name != "resize" || !resizes_otherwise {
                self.0.entry(name).or_insert(value);
            }
        }
    }

    /// The member's JSON value, unconverted.
    pub(super) fn get(&self, field: &str) -> Option<&Value> {
        self.0.get(field)
    }

    /// An object's members, or a string, as one line: `epochs 30, batch 128`.
    pub(super) fn listed(&self, field: &'static str) -> Result<Option<String>, WeightError> {
        let plain = |value: &Value| value.as_str().map_or_else(|| value.to_string(), str::to_owned);
        self.read(field, "an object or a string", |value| match value {
            Value::Object(members) => {
                let each: Vec<String> =
                    members.iter().map(|(key, value)| format!("{} {}", key.replace('_', " "), plain(value))).collect();
                Some(each.join(", "))
            }
            Value::String(text) => Some(text.clone()),
            _ => None,
        })
    }

    pub(super) fn size(&self, field: &'static str) -> Result<Option<usize>, WeightError> {
        self.read(field, "a whole number", |value| usize::try_from(value.as_u64()?).ok())
    }

    pub(super) fn sizes(&self, field: &'static str) -> Result<Option<Vec<usize>>, WeightError> {
        self.read(field, "a list of whole numbers", |value| each(value, |item| usize::try_from(item.as_u64()?).ok()))
    }

    pub(super) fn number(&self, field: &'static str) -> Result<Option<f64>, WeightError> {
        self.read(field, "a number", |value| value.as_f64().filter(|number| number.is_finite()))
    }

    pub(super) fn numbers(&self, field: &'static str) -> Result<Option<Vec<f64>>, WeightError> {
        self.read(field, "a list of numbers", |value| each(value, Value::as_f64))
    }

    pub(super) fn string(&self, field: &'static str) -> Result<Option<String>, WeightError> {
        self.read(field, "a string", |value| value.as_str().map(str::to_owned))
    }

    pub(super) fn strings(&self, field: &'static str) -> Result<Option<Vec<String>>, WeightError> {
        self.read(field, "a list of strings", |value| each(value, |item| item.as_str().map(str::to_owned)))
    }

    pub(super) fn boolean(&self, field: &'static str) -> Result<Option<bool>, WeightError> {
        self.read(field, "true or false", Value::as_bool)
    }

    /// A string that must be one of `names`, as the value paired with that name.
    pub(super) fn choice<T: Copy>(&self, field: &'static str, names: &[(&str, T)]) -> Result<Option<T>, WeightError> {
        let expected = names.iter().map(|(name, _)| format!("\"{name}\"")).collect::<Vec<_>>().join(" or ");
        self.read(field, &expected, |value| {
            let text = value.as_str()?;
            names.iter().find(|(name, _)| *name == text).map(|&(_, choice)| choice)
        })
    }

    /// Refuses a stated value that differs from the one inferred from the tensors' shapes.
    pub(super) fn agree<T: PartialEq + Debug>(
        &self,
        field: &'static str,
        stated: Option<T>,
        inferred: &T,
    ) -> Result<(), WeightError> {
        match stated {
            Some(stated) if stated != *inferred => {
                Err(self.contradiction(field, format!("{inferred:?}").to_ascii_lowercase()))
            }
            _ => Ok(()),
        }
    }

    /// The field says something else than the tensors' shapes, which give `inferred`.
    pub(super) fn contradiction(&self, field: &'static str, inferred: String) -> WeightError {
        WeightError::Contradiction { field, stated: self.text(field), inferred }
    }

    pub(super) fn wrong(&self, field: &'static str, expected: &str) -> WeightError {
        WeightError::ConfigField { field, expected: expected.to_owned(), got: self.text(field) }
    }

    /// The field's JSON, shortened to fit into an error text.
    pub(super) fn text(&self, field: &str) -> String {
        self.0.get(field).map_or_else(|| "nothing".to_owned(), |value| shortened(&value.to_string(), 60))
    }

    fn read<T>(
        &self,
        field: &'static str,
        expected: &str,
        read: impl FnOnce(&Value) -> Option<T>,
    ) -> Result<Option<T>, WeightError> {
        let Some(value) = self.0.get(field) else { return Ok(None) };
        read(value).map(Some).ok_or_else(|| self.wrong(field, expected))
    }
}

/// All items of a list, if `read` can read each.
fn each<T>(list: &Value, read: impl Fn(&Value) -> Option<T>) -> Option<Vec<T>> {
    list.as_array()?.iter().map(read).collect()
}

fn shortened(text: &str, limit: usize) -> String {
    if text.chars().count() <= limit {
        return text.to_owned();
    }
    text.chars().take(limit).chain(['…']).collect()
}

/// The part of the text around the position of a JSON error.
fn around(json: &str, error: &serde_json::Error) -> String {
    let line = json.lines().nth(error.line().saturating_sub(1)).unwrap_or_default();
    // Columns count bytes from 1; the text may not be ASCII, so the cut is moved to a character boundary.
    let end = line.ceil_char_boundary(error.column().saturating_add(12).min(line.len()));
    let start = line.floor_char_boundary(error.column().saturating_sub(40).min(line.len()));
    line[start..end].to_owned()
}
