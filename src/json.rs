//! JSON as a tree. One type for all that is read, since every type that is read directly brings a reader of its own into
//! the page; and one in which a repeated key is an error, where serde_json's own tree lets the last one win.

use std::fmt;

use serde::de::{Deserialize, Deserializer, Error as _, MapAccess, SeqAccess, Visitor};

use crate::decimal::{fixed, short};
use crate::order::Map;

/// The members of an object.
pub(crate) type Members = Map<Json>;

#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Json {
    Null,
    Bool(bool),
    /// A number without a sign, a fraction or an exponent.
    Whole(u64),
    Negative(i64),
    Number(f64),
    Text(String),
    List(Vec<Json>),
    Object(Members),
}

/// Begins the message about a repeated key, which follows.
pub(crate) const DUPLICATE: &str = "duplicate key ";

/// Reads any JSON; what is wrong inside an object is told with the name of its member.
pub(crate) fn parse(text: &str) -> serde_json::Result<Json> {
    serde_json::from_str(text)
}

/// Reads an object.
pub(crate) fn object(text: &str) -> serde_json::Result<Members> {
    match parse(text)? {
        Json::Object(members) => Ok(members),
        _ => Err(serde_json::Error::custom("an object expected")),
    }
}

impl Json {
    /// A member of an object.
    pub(crate) fn get(&self, key: &str) -> Option<&Self> {
        self.as_object()?.get(key)
    }

    pub(crate) fn as_object(&self) -> Option<&Members> {
        if let Self::Object(members) = self { Some(members) } else { None }
    }

    pub(crate) fn as_list(&self) -> Option<&[Self]> {
        if let Self::List(items) = self { Some(items) } else { None }
    }

    pub(crate) fn as_str(&self) -> Option<&str> {
        if let Self::Text(text) = self { Some(text) } else { None }
    }

    pub(crate) fn as_bool(&self) -> Option<bool> {
        if let Self::Bool(value) = self { Some(*value) } else { None }
    }

    pub(crate) fn as_u64(&self) -> Option<u64> {
        if let Self::Whole(value) = self { Some(*value) } else { None }
    }

    pub(crate) fn as_f64(&self) -> Option<f64> {
        match self {
            Self::Whole(value) => Some(*value as f64),
            Self::Negative(value) => Some(*value as f64),
            Self::Number(value) => Some(*value),
            _ => None,
        }
    }

    /// All items of a list, if `read` can read each.
    pub(crate) fn each<T>(&self, read: impl Fn(&Self) -> Option<T>) -> Option<Vec<T>> {
        self.as_list()?.iter().map(read).collect()
    }
}

/// As JSON, near enough for a message.
impl fmt::Display for Json {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Null => f.write_str("null"),
            Self::Bool(value) => write!(f, "{value}"),
            Self::Whole(value) => write!(f, "{value}"),
            Self::Negative(value) => write!(f, "{value}"),
            Self::Number(value) if value.fract() == 0.0 => f.write_str(&fixed(*value, 1)),
            Self::Number(value) => f.write_str(&short(*value)),
            Self::Text(text) => write!(f, "{text:?}"),
            Self::List(items) => {
                let items: Vec<String> = items.iter().map(Self::to_string).collect();
                write!(f, "[{}]", items.join(","))
            }
            Self::Object(members) => {
                let members: Vec<String> = members.iter().map(|(key, value)| format!("{key:?}:{value}")).collect();
                write!(f, "{{{}}}", members.join(","))
            }
        }
    }
}

impl<'de> Deserialize<'de> for Json {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(Any)
    }
}

struct Any;

impl<'de> Visitor<'de> for Any {
    type Value = Json;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("JSON")
    }

    fn visit_unit<E>(self) -> Result<Json, E> {
        Ok(Json::Null)
    }

    fn visit_bool<E>(self, value: bool) -> Result<Json, E> {
        Ok(Json::Bool(value))
    }

    fn visit_u64<E>(self, value: u64) -> Result<Json, E> {
        Ok(Json::Whole(value))
    }

    fn visit_i64<E>(self, value: i64) -> Result<Json, E> {
        Ok(Json::Negative(value))
    }

    fn visit_f64<E>(self, value: f64) -> Result<Json, E> {
        Ok(Json::Number(value))
    }

    fn visit_str<E>(self, text: &str) -> Result<Json, E> {
        Ok(Json::Text(text.to_owned()))
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut list: A) -> Result<Json, A::Error> {
        let mut items = Vec::new();
        while let Some(item) = list.next_element()? {
            items.push(item);
        }
        Ok(Json::List(items))
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Json, A::Error> {
        let mut members = Members::new();
        while let Some(key) = map.next_key::<String>()? {
            if members.contains_key(&key) {
                return Err(A::Error::custom(format_args!("{DUPLICATE}{key}")));
            }
            let value = map.next_value().map_err(|error: A::Error| match error.to_string() {
                text if text.starts_with(DUPLICATE) => error,
                text => A::Error::custom(format_args!("{key}: {text}")),
            })?;
            members.insert(key, value);
        }
        Ok(Json::Object(members))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_tree_is_read_and_written() {
        let text = r#"{"a":[1,-2,-2.0,0.5,null,true],"b":{"c":"d\"e"}}"#;
        let json = parse(text).unwrap();
        assert_eq!(json.to_string(), text);
        assert_eq!(json.get("b").and_then(|b| b.get("c")).and_then(Json::as_str), Some("d\"e"));
        assert_eq!(json.get("a").and_then(|a| a.each(Json::as_u64)), None);
    }

    #[test]
    fn mistakes_are_named_with_their_member() {
        for (text, message) in [
            (r#"{"a": {"b": NaN}}"#, "a: b: expected value at line 1 column"),
            (r#"{"a": {"b": 1, "b": 2}}"#, "duplicate key b at line 1 column"),
            ("[1]", "an object expected"),
        ] {
            let error = object(text).unwrap_err();
            assert!(error.to_string().starts_with(message), "{error}");
        }
        assert_eq!(object("{\"a\":\n NaN}").unwrap_err().line(), 2);
    }
}
