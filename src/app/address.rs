//! The address bar: obeyed at start, kept up to date after.

use leptos::prelude::*;

use super::backend::Backend;
use super::menu;
use super::page::Page;
use super::setting::Wish;
use crate::plan::{PlanKind, WeightDtype};
use crate::view::catalogue::{self, FILE_ID, URL_ID};
use crate::view::hub::HUB;
use crate::view::link::Link;

/// Numbers of runs on offer.
pub const RUNS: [usize; 4] = [3, 10, 30, 100];

pub fn plan_name(plan: PlanKind) -> &'static str {
    match plan {
        PlanKind::Plain => "plain",
        PlanKind::Fused => "fused",
    }
}

/// Does what the address says, and names what of it cannot be done.
pub fn obey(page: Page) {
    let query = window().location().search().unwrap_or_default();
    let (link, mut ignored) = Link::parse(&query);
    if let Some(hub) = link.hub {
        page.hub.set(hub);
    }
    // What the rest is about; nothing, where that is a visitor's own file.
    let mut network = Some(page.network.get_untracked());
    match link.model.as_deref() {
        None => {}
        Some(FILE_ID | URL_ID) => {
            page.notify(false, "A link cannot carry a network of your own: choose the file again.".into());
            network = None;
        }
        Some(id) => {
            let known = page.networks.with_untracked(|networks| networks.iter().position(|network| network.id == id));
            match known {
                Some(_) => network = known,
                None => ignored.push(format!("model={id}")),
            }
        }
    }
    let weight_dtype = match link.weights.as_deref() {
        Some("f16") => Some(WeightDtype::F16),
        Some("f32") | None => None,
        Some(other) => {
            ignored.push(format!("weights={other}"));
            None
        }
    };
    if let Some(network) = network {
        let wish = Wish { network, depth: link.depth, cardinality: link.cardinality, weight_dtype };
        menu::take_up(page, judged(page, wish, &mut ignored));
    }
    match link.plan.as_deref() {
        Some("plain") => page.plan.set(PlanKind::Plain),
        Some("fused") | None => {}
        Some(other) => ignored.push(format!("plan={other}")),
    }
    match link.backend.as_deref().map(|name| (name, Backend::named(name))) {
        Some((name, None)) => ignored.push(format!("backend={name}")),
        known => page.wanted.set(known.and_then(|(_, backend)| backend).map(|backend| backend as usize)),
    }
    match link.runs {
        Some(runs) if RUNS.contains(&runs) => page.runs.set(runs),
        Some(runs) => ignored.push(format!("runs={runs}")),
        None => {}
    }
    if !ignored.is_empty() {
        page.notify(false, format!("The address asks for something unknown here, left out: {}.", ignored.join(", ")));
    }
}

/// What of a wish its network has; the rest is named.
fn judged(page: Page, mut wish: Wish, ignored: &mut Vec<String>) -> Wish {
    let (own, trained) = page.networks.with_untracked(|networks| {
        let network = &networks[wish.network];
        (network.config.clone(), network.trained.clone())
    });
    if let Some(depth) = wish.depth.filter(|depth| !catalogue::depths(&own).contains(depth)) {
        ignored.push(format!("depth={depth}"));
        wish.depth = None;
    }
    let stops = catalogue::stops(&catalogue::at_depth(&own, wish.depth.unwrap_or(own.depth())), &trained);
    let known = |cardinality: usize| stops.iter().any(|stop| stop.cardinality == cardinality);
    if let Some(cardinality) = wish.cardinality.filter(|&cardinality| !known(cardinality)) {
        ignored.push(format!("cardinality={cardinality}"));
        wish.cardinality = None;
    }
    wish
}

/// Writes every later choice into the address, without a new entry in the history.
pub fn keep(page: Page) {
    let link = Memo::new(move |_| Link {
        model: Some(page.networks.with(|networks| networks[page.network.get()].id.to_owned())),
        depth: Some(page.depth.get()),
        cardinality: Some(page.setting.get().config.cardinality),
        plan: Some(plan_name(page.plan.get()).to_owned()),
        weights: Some(page.weight_dtype.get().to_string()),
        // Only a choice: what a machine happens to have is not another visitor's matter.
        backend: page.wanted.get().map(|_| page.backend().name().to_owned()),
        runs: Some(page.runs.get()),
        hub: Some(page.hub.get()).filter(|hub| hub != HUB),
    });
    Effect::new(move |first: Option<()>| {
        let query = link.get().query();
        // A bare address stays bare until something is chosen.
        if first.is_some() {
            let history = window().history();
            let _ = history.and_then(|h| h.replace_state_with_url(&"".into(), "", Some(&query)));
        }
    });
}
