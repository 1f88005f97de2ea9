//! The address bar: obeyed at start, kept up to date after.

use leptos::prelude::*;

use super::backend::Backend;
use super::menu;
use super::page::Page;
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
    match link.model.as_deref() {
        None => {}
        Some(FILE_ID | URL_ID) => {
            page.notify(false, "A link cannot carry a network of your own: choose the file again.".into());
        }
        Some(id) => {
            let known = page.networks.with_untracked(|networks| networks.iter().position(|network| network.id == id));
            known.map_or_else(|| ignored.push(format!("model={id}")), |index| menu::take_up(page, index));
        }
    }
    if let Some(depth) = link.depth {
        let own = page.networks.with_untracked(|networks| networks[page.network.get_untracked()].config.clone());
        let known = catalogue::depths(&own).contains(&depth);
        if known { page.depth.set(depth) } else { ignored.push(format!("depth={depth}")) }
    }
    if let Some(cardinality) = link.cardinality {
        let known = page.stops.with_untracked(|stops| stops.iter().any(|stop| stop.cardinality == cardinality));
        if known { page.cardinality.set(cardinality) } else { ignored.push(format!("cardinality={cardinality}")) }
    }
    match link.plan.as_deref() {
        Some("plain") => page.plan.set(PlanKind::Plain),
        Some("fused") | None => {}
        Some(other) => ignored.push(format!("plan={other}")),
    }
    match link.weights.as_deref() {
        Some("f16") => page.weight_dtype.set(WeightDtype::F16),
        Some("f32") | None => {}
        Some(other) => ignored.push(format!("weights={other}")),
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
