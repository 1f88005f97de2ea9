//! The settings of an address for a network that may have to be loaded first.

use super::link::Link;
use super::typed::{Typed, typed};
use crate::plan::GpuDtype;
use crate::zoo::{CardinalityOptions, DialSettings, Listed};

/// Settings for one network of the list.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Wish {
    /// Index in the list of networks.
    pub network: usize,
    /// Depth, law, reference and stops of its dial.
    pub dial: DialSettings,
    /// Number of groups; `None` for the network's own.
    pub cardinality: Option<usize>,
    /// Data type of the weights on the GPU; `None` for f32.
    pub weight_dtype: Option<GpuDtype>,
}

impl Wish {
    /// The settings of `link` that the network at this index can have. The others are added to `ignored`.
    pub fn new(link: &Link, network: usize, listed: &Listed, ignored: &mut Vec<String>) -> Self {
        let own = listed.graph();
        let mut dial = DialSettings { law: link.law.unwrap_or_default(), ..DialSettings::at(own.config.depth()) };
        let mut cardinality = None;
        let mut set =
            |now: &mut DialSettings, what: Typed, told: String| match typed(own, now, own.config.cardinality, what) {
                Ok((settings, _)) => *now = settings,
                Err(_) => ignored.push(told),
            };
        if let Some(depth) = link.depth {
            set(&mut dial, Typed::Depth(depth), format!("depth={depth}"));
        }
        if let Some((groups, width)) = link.reference {
            set(&mut dial, Typed::Reference(groups, width), format!("reference={groups}x{width}"));
        }
        if let Some(groups) = link.cardinality {
            let options = CardinalityOptions::new(own, &listed.network().trained, &dial);
            cardinality = Some(groups);
            if !options.options().iter().any(|option| option.config.cardinality == groups) {
                set(&mut dial, Typed::Groups(groups), format!("cardinality={groups}"));
                cardinality = dial.typed;
            }
        }
        Self { network, dial, cardinality, weight_dtype: link.weights }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::Law;
    use crate::zoo::offers;

    fn wish(query: &str) -> (Wish, Vec<String>) {
        let listed = Listed::new(offers().remove(0)).unwrap();
        let mut ignored = Vec::new();
        let wish = Wish::new(&Link::parse(query).0, 0, &listed, &mut ignored);
        (wish, ignored)
    }

    #[test]
    fn what_a_network_has_is_wished_of_it() {
        let (wish, ignored) = wish("?depth=29&cardinality=4&weights=f16");
        let dial = DialSettings::at(29);
        let expected = Wish { network: 0, dial, cardinality: Some(4), weight_dtype: Some(GpuDtype::F16) };
        assert_eq!((wish, ignored.len()), (expected, 0));
    }

    #[test]
    fn any_cardinality_and_base_width_can_be_wished() {
        let (wish, ignored) = wish("?depth=38&cardinality=6&law=equal-width&reference=6x12");
        let dial = DialSettings { depth: 38, law: Law::EqualWidth, reference: Some((6, 12)), typed: None };
        assert_eq!((wish.dial, wish.cardinality, ignored.len()), (dial, Some(6), 0));
        let (wish, _) = self::wish("?cardinality=7");
        assert_eq!((wish.dial.typed, wish.cardinality), (Some(7), Some(7)));
    }

    #[test]
    fn what_it_has_not_is_named() {
        let (wish, ignored) = wish("?depth=50&cardinality=7000&reference=1x5000");
        assert_eq!((wish.dial, wish.cardinality), (DialSettings::at(20), None));
        assert_eq!(ignored, ["depth=50", "reference=1x5000", "cardinality=7000"]);
    }
}
