//! The walk through the page: six steps, each a state of the page that an address restores, and a place on the page.
//!
//! What a step says is in [`super::words`].

use super::link::Link;
use super::map::MapKind;

/// How many steps there are.
pub const STEPS: usize = 6;

/// The network of every step, which comes with the page, and its depth.
const NETWORK: (&str, usize) = ("cifar10", 20);
/// The sample picture of every step.
const PICTURE: &str = "kitten";

/// What the page shows at a step, of the same network and picture in all.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Step {
    /// The stop of the dial.
    pub cardinality: usize,
    /// The selected part of the network.
    pub part: &'static str,
    /// What is open, of [`super::link::PANELS`].
    pub open: Option<&'static str>,
    /// The place in the answer, from 0, of the class whose map lies over the picture.
    pub map: Option<usize>,
    /// What of the page is marked, as CSS names it.
    pub place: &'static str,
}

const fn step(place: &'static str) -> Step {
    Step { cardinality: 8, part: "layer1.0", open: None, map: None, place }
}

/// In their order.
const ALL: [Step; STEPS] = [
    step(".views"),
    Step { open: Some("inside"), ..step("#block") },
    Step { open: Some("forms"), ..step("#forms") },
    Step { cardinality: 32, ..step("#cardinality") },
    Step { open: Some("dispatches"), ..step("#dispatches") },
    Step { map: Some(0), ..step(".views") },
];

impl Step {
    /// The step of this number, from 1; `None` where there is none.
    pub fn numbered(number: usize) -> Option<Self> {
        ALL.get(number.checked_sub(1)?).copied()
    }
}

/// The state of a step. What no step decides, as the device that the network runs on, is that of `now`.
pub fn at(number: usize, now: &Link) -> Option<Link> {
    let step = Step::numbered(number)?;
    let (model, depth) = NETWORK;
    Some(Link {
        model: Some(model.into()),
        depth: Some(depth),
        cardinality: Some(step.cardinality),
        law: None,
        reference: None,
        weights: None,
        picture: Some(PICTURE.into()),
        part: Some(step.part.into()),
        open: step.open.into_iter().collect(),
        map: step.map.map(|place| (place, MapKind::default())),
        walk: Some(number),
        ..now.clone()
    })
}

/// An address that names a step, with all that it leaves out. It may differ from the step in what it names: a visitor who has
/// turned the dial sends that too.
pub fn complete(link: Link) -> Link {
    let Some(step) = link.walk.and_then(|number| at(number, &link)) else { return link };
    // Depth and stop are those of the network that is named.
    let (model, depth, cardinality) = match link.model {
        Some(_) => (link.model, link.depth, link.cardinality),
        None => (step.model, link.depth.or(step.depth), link.cardinality.or(step.cardinality)),
    };
    Link {
        model,
        depth,
        cardinality,
        picture: link.picture.or(step.picture),
        part: link.part.or(step.part),
        open: if link.open.is_empty() { step.open } else { link.open },
        map: link.map.or(step.map),
        ..link
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::protocol::Backend;
    use crate::view::link::PANELS;
    use crate::view::network_part::network_parts;
    use crate::zoo::samples::samples;
    use crate::zoo::{CardinalityOptions, DialSettings, Listed, offers};

    /// What the page begins with, and a choice that no step decides.
    fn now() -> Link {
        Link { backend: Some(Backend::Cpu), runs: Some(3), ..Link::default() }
    }

    #[test]
    fn every_step_can_be_shown() {
        let offer = offers().into_iter().find(|offer| offer.id == NETWORK.0).expect("it is on offer");
        let listed = Listed::new(offer).unwrap();
        let own = listed.graph();
        assert_eq!(own.config.depth(), NETWORK.1);
        let dial = CardinalityOptions::new(own, &listed.network().trained, &DialSettings::at(NETWORK.1));
        assert!(samples().iter().any(|sample| sample.name() == PICTURE));
        for step in ALL {
            let graph = dial.options().iter().find(|graph| graph.config.cardinality == step.cardinality);
            let graph = graph.unwrap_or_else(|| panic!("{step:?}: the dial has no such stop"));
            assert!(network_parts(graph).iter().any(|part| part.name == step.part), "{step:?}");
            assert!(step.open.is_none_or(|open| PANELS.contains(&open)), "{step:?}");
            assert!(step.map.is_none_or(|place| place < 5), "{step:?}");
        }
    }

    #[test]
    fn a_step_is_a_link_that_restores_it() {
        for number in 1..=STEPS {
            let state = at(number, &now()).unwrap();
            let (read, unknown) = Link::parse(&state.query());
            assert_eq!((complete(read), unknown), (state.clone(), vec![]));
            // The number alone is enough.
            let short = Link { walk: Some(number), ..now() };
            assert_eq!(complete(Link::parse(&short.query()).0), state);
            assert_eq!((state.backend, state.runs), (Some(Backend::Cpu), Some(3)));
        }
    }

    #[test]
    fn what_an_address_names_counts_before_the_step() {
        let (link, _) = Link::parse("?walk=3&cardinality=4&part=layer2.0&open=inside&picture=chelsea&map=2");
        let whole = complete(link.clone());
        assert_eq!(whole, Link { model: Some(NETWORK.0.into()), depth: Some(NETWORK.1), ..link });
        // Another network has other depths and stops.
        let other = complete(Link::parse("?model=imagenet&walk=4").0);
        assert_eq!((other.depth, other.cardinality), (None, None));
    }

    #[test]
    fn there_is_no_other_step() {
        assert_eq!([0, STEPS + 1].map(Step::numbered), [None, None]);
        let link = Link { walk: Some(9), ..now() };
        assert_eq!(complete(link.clone()), link);
    }
}
