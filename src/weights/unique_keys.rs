//! Reads JSON in which no object may name a key twice: `serde_json` keeps the last value and silently drops the others, so two
//! programs could read two different networks from one file.

use std::fmt;

use serde::de::{Deserialize, Deserializer, Error, MapAccess, SeqAccess, Visitor};
use serde_json::{Map, Value};

/// The start of the message about a repeated key; the key follows.
pub(super) const DUPLICATE: &str = "duplicate key ";

/// Reads a JSON object.
///
/// # Errors
/// A repeated key ([`DUPLICATE`]), text that is not JSON (with the path of keys to the error), or a value other than an object.
pub(crate) fn parse(text: &str) -> serde_json::Result<Map<String, Value>> {
    match serde_json::from_str(text)? {
        UniqueKeys(Value::Object(members)) => Ok(members),
        _ => Err(serde_json::Error::custom("an object expected")),
    }
}

struct UniqueKeys(Value);

impl<'de> Deserialize<'de> for UniqueKeys {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(AnyValue).map(Self)
    }
}

struct AnyValue;

impl<'de> Visitor<'de> for AnyValue {
    type Value = Value;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("JSON")
    }

    fn visit_unit<E>(self) -> Result<Value, E> {
        Ok(Value::Null)
    }

    fn visit_bool<E>(self, value: bool) -> Result<Value, E> {
        Ok(value.into())
    }

    fn visit_u64<E>(self, value: u64) -> Result<Value, E> {
        Ok(value.into())
    }

    fn visit_i64<E>(self, value: i64) -> Result<Value, E> {
        Ok(value.into())
    }

    fn visit_f64<E>(self, value: f64) -> Result<Value, E> {
        Ok(value.into())
    }

    fn visit_str<E>(self, text: &str) -> Result<Value, E> {
        Ok(text.into())
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut list: A) -> Result<Value, A::Error> {
        let mut items = Vec::new();
        while let Some(UniqueKeys(item)) = list.next_element()? {
            items.push(item);
        }
        Ok(Value::Array(items))
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Value, A::Error> {
        let mut members = Map::new();
        while let Some(key) = map.next_key::<String>()? {
            if members.contains_key(&key) {
                return Err(A::Error::custom(format_args!("{DUPLICATE}{key}")));
            }
            let UniqueKeys(value) = map.next_value().map_err(|error: A::Error| match error.to_string() {
                text if text.starts_with(DUPLICATE) => error,
                text => A::Error::custom(format_args!("{key}: {text}")),
            })?;
            members.insert(key, value);
        }
        Ok(Value::Object(members))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_serde_json_reads_is_read() {
        let text = r#"{"a":[1,-2,-2.0,0.5,null,true],"b":{"c":"d\"e"}}"#;
        assert_eq!(Value::Object(parse(text).unwrap()), serde_json::from_str::<Value>(text).unwrap());
    }

    #[test]
    fn mistakes_are_named_with_their_keys() {
        for (text, message) in [
            (r#"{"a": {"b": NaN}}"#, "a: b: expected value at line 1 column"),
            (r#"{"a": {"b": 1, "b": 2}}"#, "duplicate key b at line 1 column"),
            ("[1]", "an object expected"),
        ] {
            let error = parse(text).unwrap_err();
            assert!(error.to_string().starts_with(message), "{error}");
        }
        assert_eq!(parse("{\"a\":\n NaN}").unwrap_err().line(), 2);
    }
}
