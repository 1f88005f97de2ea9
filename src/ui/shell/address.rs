//! The address bar: read at the start, and updated by every later choice.

use leptos::prelude::*;

use crate::model::Law;
use crate::ui::client::Client;
use crate::ui::state::{Choice, Download, Loading, Notices};
use crate::view::link::{After, Link};
use crate::view::offer::Row;
use crate::view::wish::Wish;
use crate::zoo::hub::HUB;
use crate::zoo::{FILE_ID, URL_ID};

/// Handles of what an address decides.
#[derive(Clone, Copy)]
pub(crate) struct Address {
    choice: Choice,
    loading: Loading,
    notices: Notices,
}

impl Address {
    /// That of the page.
    pub(crate) fn of_page() -> Self {
        Self { choice: expect_context(), loading: expect_context(), notices: expect_context() }
    }

    /// Applies the settings of the address, and names those that cannot be applied. Runs before the worker gets its first command.
    pub(crate) fn obey(self) {
        let Self { choice, loading, notices } = self;
        let query = window().location().search().unwrap_or_default();
        let (link, mut ignored) = Link::parse(&query);
        if let Some(hub) = &link.hub {
            choice.hub.set(hub.clone());
        }
        if let Some(network) = self.network(&link, &mut ignored) {
            let wish = || choice.at(network, |listed| Wish::new(&link, network, listed, &mut ignored));
            match untrack(wish) {
                Some(wish) if untrack(|| loading.is_here(network)) => choice.grant(wish),
                // It waits for the network.
                wish => choice.wish.set(wish),
            }
        }
        if let Some(plan) = link.plan {
            choice.plan.set(plan);
        }
        choice.backend.set(link.backend);
        if let Some(runs) = link.runs {
            choice.runs.set(runs);
        }
        choice.measure.set(link.after != Some(After::Answer));
        if !ignored.is_empty() {
            let ignored = ignored.join(", ");
            notices.note(format!("Ignored unknown settings in the link: {ignored}."));
        }
    }

    /// The network that the address names; `None` where that is a visitor's own file.
    fn network(self, link: &Link, ignored: &mut Vec<String>) -> Option<usize> {
        let Some(id) = link.model.as_deref() else { return Some(self.choice.network.get_untracked()) };
        if [FILE_ID, URL_ID].contains(&id) {
            self.notices.note("A link cannot include your own network file: choose the file again.".into());
            return None;
        }
        let place = self.choice.place_of(id);
        if place.is_none() {
            ignored.push(format!("model={id}"));
        }
        place.or(Some(self.choice.network.get_untracked()))
    }

    /// Loads the network that the address names if the cache has all of it. Otherwise nothing is downloaded: a notice names it
    /// and has a button that downloads it.
    pub(crate) fn load_wish(self, client: Client) {
        let Self { choice, loading, notices } = self;
        let Some(network) = choice.wish.with_untracked(|wish| wish.map(|wish| wish.network)) else { return };
        client.list_files();
        Effect::new(move |is_done: Option<bool>| {
            if is_done == Some(true) || loading.kept.with(Option::is_none) {
                return is_done == Some(true);
            }
            if loading.kept_of(network).is_some_and(|kept| kept.complete) {
                client.load_listed(network);
            } else {
                let kept = loading.kept_of(network);
                let offer = choice.at(network, |listed| {
                    let Row { action, .. } = Row::new(listed, kept.as_ref(), false, false);
                    (format!("The link names {}, which is not downloaded yet.", listed.network().title), action)
                });
                if let Some((text, label)) = offer {
                    notices.add(false, text, Some(Download { network, label }));
                }
            }
            true
        });
    }

    /// Writes every later choice into the address, without a new entry in the history.
    pub(crate) fn keep(self) {
        let choice = self.choice;
        let link = Memo::new(move |_| Link {
            model: Some(choice.listed(|listed| listed.network().id.clone())),
            depth: Some(choice.depth.get()),
            cardinality: Some(choice.graph.with(|graph| graph.config.cardinality)),
            law: choice.turned.with(|turned| Some(turned.law).filter(|law| *law != Law::default())),
            reference: choice.turned.with(|turned| turned.reference),
            plan: Some(choice.plan.get()),
            weights: Some(choice.weight_dtype.get()),
            // Only what was chosen: another visitor's machine may have another device.
            backend: choice.backend.get(),
            runs: Some(choice.runs.get()),
            hub: Some(choice.hub.get()).filter(|hub| hub != HUB),
            after: (!choice.measure.get()).then_some(After::Answer),
        });
        Effect::new(move |first: Option<()>| {
            let query = link.get().query();
            // A bare address stays bare until something is chosen.
            if first.is_some() {
                let history = window().history();
                let _ = history.and_then(|history| history.replace_state_with_url(&"".into(), "", Some(&query)));
            }
        });
    }
}
