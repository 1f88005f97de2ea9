//! The page's state in its address: `?model=cifar10&depth=20&cardinality=8&plan=fused&weights=f32&backend=cpu&runs=10`.
//! Where the dial does not follow its usual law, `law=equal-width` and `reference=8x12` say so.
//!
//! Beside the settings it holds what is looked at: `picture=cifar10/frog` is a sample, `part=layer2.0` the part of the network
//! that is selected, `open=forms,dispatches` what is open ([`PANELS`]), `map=1` or `map=2-occlusion` the class whose map lies over
//! the picture, by its place in the answer, and `walk=3` the step of the walk through the page. What an address leaves out is as
//! the page begins; `walk=3` by itself gives all that the step shows ([`super::walk`]).
//!
//! No value has a character that a query must escape, so nothing is escaped here, and a value with an escape is not
//! understood. With `form_urlencoded` and `percent-encoding` the page's wasm was 1.5 KB larger in brotli
//! (`cargo xtask build`).

use crate::model::Law;
use crate::plan::{GpuDtype, PlanKind};
use crate::protocol::Backend;
use crate::view::map::MapKind;

/// What of the page can be opened: the ids of its disclosures.
pub const PANELS: [&str; 8] = ["laboratory", "inside", "forms", "table", "dispatches", "provenance", "teach", "race"];

/// The numbers of timed runs to choose from.
pub const RUNS: [usize; 4] = [3, 10, 30, 100];

/// The settings in an address. A field is `None` where the address does not name it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Link {
    /// The network's id in the list.
    pub model: Option<String>,
    /// Number of layers, as in the network's name.
    pub depth: Option<usize>,
    /// Number of groups.
    pub cardinality: Option<usize>,
    /// What stays as it is from stop to stop of the dial.
    pub law: Option<Law>,
    /// Cardinality and base width of the network that the dial's stops are compared with.
    pub reference: Option<(usize, usize)>,
    /// Whether layers are fused.
    pub plan: Option<PlanKind>,
    /// Data type of the weights on the GPU.
    pub weights: Option<GpuDtype>,
    /// Where the network runs.
    pub backend: Option<Backend>,
    /// Cores of the processor that share a network on the CPU.
    pub cores: Option<usize>,
    /// Number of timed runs, one of [`RUNS`].
    pub runs: Option<usize>,
    /// The address of a mirror of the host that keeps the large networks.
    pub hub: Option<String>,
    /// Where the session stops working, if not after all measurements.
    pub after: Option<After>,
    /// The name of a sample picture, see [`crate::zoo::samples::Sample::name`].
    pub picture: Option<String>,
    /// The name of the selected part of the network.
    pub part: Option<String>,
    /// What is open, of [`PANELS`].
    pub open: Vec<&'static str>,
    /// The place in the answer, from 0, of the class whose map lies over the picture, and what that shows.
    pub map: Option<(usize, MapKind)>,
    /// The step of the walk through the page, from 1.
    pub walk: Option<usize>,
}

/// The last step of the session, for tests and for visitors who want answers only.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum After {
    /// The answer: nothing is tuned or timed.
    Answer,
}

impl Link {
    /// Reads a query, with or without its `?`, and lists the settings that it does not know.
    pub fn parse(query: &str) -> (Self, Vec<String>) {
        let mut link = Self::default();
        let mut unknown = Vec::new();
        for pair in query.trim_start_matches('?').split('&').filter(|pair| !pair.is_empty()) {
            let (key, value) = pair.split_once('=').unwrap_or((pair, ""));
            let understood = match key {
                "model" => set(&mut link.model, plain(value, "-_")),
                "depth" => set(&mut link.depth, value.parse().ok()),
                "cardinality" => set(&mut link.cardinality, value.parse().ok()),
                "law" => set(&mut link.law, Law::named(value)),
                "reference" => set(&mut link.reference, reference(value)),
                "plan" => set(&mut link.plan, plan(value)),
                "weights" => set(&mut link.weights, weights(value)),
                "backend" => set(&mut link.backend, Backend::named(value)),
                "cores" => set(&mut link.cores, value.parse().ok().filter(|&cores| cores > 0)),
                "runs" => set(&mut link.runs, value.parse().ok().filter(|runs| RUNS.contains(runs))),
                "hub" => set(&mut link.hub, origin(value)),
                "after" => set(&mut link.after, (value == "answer").then_some(After::Answer)),
                "picture" => set(&mut link.picture, plain(value, "-_/")),
                "part" => set(&mut link.part, plain(value, "-_.")),
                "open" => panels(value).map(|open| link.open = open).is_some(),
                "map" => set(&mut link.map, map(value)),
                "walk" => set(&mut link.walk, value.parse().ok()),
                _ => false,
            };
            if !understood {
                // Shown on the page, so it must be short.
                unknown.push(pair.chars().take(40).collect());
            }
        }
        (link, unknown)
    }

    /// The query, with its `?`; empty where nothing is set.
    pub fn query(&self) -> String {
        let number = |value: Option<usize>| value.map(|value| value.to_string());
        let pairs = [
            ("model", self.model.clone()),
            ("depth", number(self.depth)),
            ("cardinality", number(self.cardinality)),
            ("law", self.law.map(|law| law.name().to_owned())),
            ("reference", self.reference.map(|(cardinality, base_width)| format!("{cardinality}x{base_width}"))),
            ("plan", self.plan.map(|kind| kind.to_string())),
            ("weights", self.weights.map(|dtype| dtype.to_string())),
            ("backend", self.backend.map(|backend| backend.name().to_owned())),
            ("cores", number(self.cores)),
            ("runs", number(self.runs)),
            ("hub", self.hub.clone()),
            ("after", self.after.map(|After::Answer| "answer".to_owned())),
            ("picture", self.picture.clone()),
            ("part", self.part.clone()),
            ("open", Some(self.open.join(",")).filter(|open| !open.is_empty())),
            ("map", self.map.map(map_named)),
            ("walk", number(self.walk)),
        ];
        let pairs: Vec<String> =
            pairs.into_iter().filter_map(|(key, value)| Some(format!("{key}={}", value?))).collect();
        if pairs.is_empty() { String::new() } else { format!("?{}", pairs.join("&")) }
    }
}

fn set<T>(field: &mut Option<T>, value: Option<T>) -> bool {
    let understood = value.is_some();
    if understood {
        *field = value;
    }
    understood
}

/// `8x12`: cardinality and base width.
fn reference(value: &str) -> Option<(usize, usize)> {
    let (cardinality, base_width) = value.split_once('x')?;
    Some((cardinality.parse().ok()?, base_width.parse().ok()?))
}

fn plan(name: &str) -> Option<PlanKind> {
    [PlanKind::Plain, PlanKind::Fused].into_iter().find(|kind| kind.to_string() == name)
}

fn weights(name: &str) -> Option<GpuDtype> {
    [GpuDtype::F32, GpuDtype::F16].into_iter().find(|dtype| dtype.to_string() == name)
}

/// `https://host`, with an optional port and path, of characters that need no escaping in a query.
fn origin(value: &str) -> Option<String> {
    let value = value.trim_end_matches('/');
    let host = value.strip_prefix("https://").or_else(|| value.strip_prefix("http://"))?;
    let plain = |c: char| c.is_ascii_alphanumeric() || "-._~:/".contains(c);
    (!host.is_empty() && !host.starts_with('/') && host.chars().all(plain)).then(|| value.to_owned())
}

/// Every name must be one of [`PANELS`].
fn panels(value: &str) -> Option<Vec<&'static str>> {
    value.split(',').map(|name| PANELS.into_iter().find(|known| *known == name)).collect()
}

/// `2-occlusion`: the place in the answer, and the kind where it is not the usual one.
fn map(value: &str) -> Option<(usize, MapKind)> {
    let (place, kind) = match value.strip_suffix(OCCLUSION) {
        Some(place) => (place, MapKind::Occlusion),
        None => (value, MapKind::ClassActivation),
    };
    let place = place.parse::<usize>().ok()?.checked_sub(1)?;
    Some((place, kind))
}

fn map_named((place, kind): (usize, MapKind)) -> String {
    let kind = if kind == MapKind::Occlusion { OCCLUSION } else { "" };
    format!("{}{kind}", place + 1)
}

const OCCLUSION: &str = "-occlusion";

/// Names in the address are letters, digits and `others`, so that nothing needs escaping.
fn plain(value: &str, others: &str) -> Option<String> {
    let is_plain = |c: char| c.is_ascii_alphanumeric() || others.contains(c);
    (!value.is_empty() && value.chars().all(is_plain)).then(|| value.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_written_is_read() {
        let link = Link {
            model: Some("cifar10".into()),
            depth: Some(20),
            cardinality: Some(8),
            law: Some(Law::EqualWidth),
            reference: Some((8, 12)),
            plan: Some(PlanKind::Fused),
            weights: Some(GpuDtype::F16),
            backend: Some(Backend::Cpu),
            cores: Some(2),
            runs: Some(10),
            hub: Some("http://127.0.0.1:8081/mirror".into()),
            after: Some(After::Answer),
            picture: Some("cifar10/frog".into()),
            part: Some("layer2.0".into()),
            open: vec!["inside", "forms"],
            map: Some((1, MapKind::Occlusion)),
            walk: Some(3),
        };
        let query = "?model=cifar10&depth=20&cardinality=8&law=equal-width&reference=8x12&plan=fused&weights=f16&backend=cpu&cores=2&runs=10\
                     &hub=http://127.0.0.1:8081/mirror&after=answer&picture=cifar10/frog&part=layer2.0&open=inside,forms\
                     &map=2-occlusion&walk=3";
        assert_eq!(link.query(), query);
        assert_eq!(Link::parse(&link.query()), (link, vec![]));
        assert_eq!(Link::default().query(), "");
        assert_eq!(Link::parse(""), (Link::default(), vec![]));
    }

    #[test]
    fn what_is_not_understood_is_named_and_the_rest_obeyed() {
        let (link, unknown) = Link::parse("?cardinality=many&plan=plain&colour=blue&&model=%3Cb%3E&hub=ftp://a");
        assert_eq!(link, Link { plan: Some(PlanKind::Plain), ..Link::default() });
        assert_eq!(unknown, ["cardinality=many", "colour=blue", "model=%3Cb%3E", "hub=ftp://a"]);
    }

    #[test]
    fn a_host_without_a_name_is_none() {
        for hub in ["http:///", "https://", "http:////", "http:///path"] {
            assert_eq!(Link::parse(&format!("hub={hub}")), (Link::default(), vec![format!("hub={hub}")]), "{hub}");
        }
        let hub = Link::parse("hub=https://example.org//").0.hub;
        assert_eq!(hub.as_deref(), Some("https://example.org"));
    }

    #[test]
    fn only_what_is_on_offer_is_understood() {
        let (link, unknown) = Link::parse(
            "?plan=sideways&weights=f8&backend=abacus&cores=0&runs=5&after=lunch&law=murphys&reference=8&open=forms,door&map=0&walk=on",
        );
        assert_eq!(link, Link::default());
        assert_eq!(
            unknown,
            [
                "plan=sideways",
                "weights=f8",
                "backend=abacus",
                "cores=0",
                "runs=5",
                "after=lunch",
                "law=murphys",
                "reference=8",
                "open=forms,door",
                "map=0",
                "walk=on"
            ]
        );
    }
}
