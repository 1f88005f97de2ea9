//! What a visitor may say of a network of their own: the fields of a form, and the description that they make.

use serde_json::{Map, Value};

use crate::zoo::{Location, Network};

/// The fields in their order: their names in a description, and the words beside them.
pub const FIELDS: [(&str, &str); 6] = [
    ("strides", "Strides of the stages"),
    ("input_size", "Side of the picture, in pixels"),
    ("resize", "Shorter side before the crop, in pixels"),
    ("interpolation", "Filter, bilinear or bicubic"),
    ("mean", "Mean of each channel, 0 to 1"),
    ("std", "Standard deviation of each channel"),
];

/// What is said of a network, as it is typed.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Stated {
    /// In the order of [`FIELDS`].
    pub fields: [String; 6],
    /// Class names, one per line.
    pub classes: String,
}

impl Stated {
    /// What holds for a network of the visitor's own; `None` for those on offer, which are described already.
    pub fn of(network: &Network) -> Option<Self> {
        let own = network.trained.first()?;
        let preprocess = network.preprocess.as_ref()?;
        if !matches!(own.location, Location::File(_) | Location::Url(_)) {
            return None;
        }
        // As JSON writes it: the standard library's formatter would add to the page.
        let number = |number: &f32| serde_json::to_string(number).unwrap_or_default();
        let list = |numbers: &[f32]| numbers.iter().map(number).collect::<Vec<_>>().join(", ");
        let strides = own.config.strides.iter().map(usize::to_string).collect::<Vec<_>>().join(", ");
        let fields = [
            strides,
            preprocess.crop.to_string(),
            preprocess.resize.to_string(),
            preprocess.interpolation.name().to_owned(),
            list(&preprocess.mean),
            list(&preprocess.std),
        ];
        Some(Self { fields, classes: network.labels.as_deref().unwrap_or_default().join("\n") })
    }

    /// The description, with what differs from `before`. What is no number stays as it was typed, for the error that names it.
    pub fn json(&self, before: &Self) -> String {
        let mut members = Map::new();
        for (place, (name, _)) in FIELDS.iter().enumerate() {
            let text = self.fields[place].trim();
            if text.is_empty() || text == before.fields[place] {
                continue;
            }
            let values: Vec<Value> = text.split([',', ' ', ';']).filter(|item| !item.is_empty()).map(value).collect();
            let is_list = matches!(*name, "strides" | "mean" | "std");
            members.insert((*name).to_owned(), if is_list { values.into() } else { value(text) });
        }
        if self.classes != before.classes {
            let names: Vec<&str> = self.classes.lines().map(str::trim).filter(|name| !name.is_empty()).collect();
            members.insert("classes".to_owned(), names.into());
        }
        // A crop that is larger than the side that it is cut from means that the other was not thought of.
        if members.contains_key("input_size") && !members.contains_key("resize") {
            members.insert("resize".to_owned(), members["input_size"].clone());
        }
        Value::Object(members).to_string()
    }
}

fn value(text: &str) -> Value {
    serde_json::from_str(text).ok().filter(Value::is_number).unwrap_or_else(|| text.into())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::image::Preprocess;
    use crate::zoo::offers;

    fn own() -> Network {
        let mut network = offers().remove(0);
        network.trained[0].location = Location::File("a.pth".into());
        network.preprocess = Some(Preprocess::cifar10());
        network.labels = Some(vec!["cat".into(), "dog".into()]);
        network
    }

    #[test]
    fn only_what_was_changed_is_said() {
        let before = Stated::of(&own()).unwrap();
        assert_eq!(before.fields[..4], ["2, 2, 2", "32", "32", "bilinear"]);
        assert_eq!(before.fields[4], "0.4914, 0.4822, 0.4465");
        assert_eq!(before.classes, "cat\ndog");
        assert_eq!(before.json(&before), "{}");
        let mut after = before.clone();
        after.fields[0] = "1 1,2".into();
        after.fields[4] = " 0.5, 0.5; x".into();
        assert_eq!(after.json(&before), r#"{"mean":[0.5,0.5,"x"],"strides":[1,1,2]}"#);
        let mut after = Stated { classes: " cat \n\nfox".into(), ..before.clone() };
        after.fields[1] = "48".into();
        assert_eq!(after.json(&before), r#"{"classes":["cat","fox"],"input_size":48,"resize":48}"#);
    }

    #[test]
    fn networks_on_offer_are_described_already() {
        assert_eq!(Stated::of(&offers()[0]), None);
        assert_eq!(Stated::of(&Network { preprocess: None, ..own() }), None);
    }
}
