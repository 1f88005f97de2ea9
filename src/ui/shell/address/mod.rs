//! The address bar: read at the start and whenever the browser goes back or forward, and updated by every choice in between.

mod panels;

use leptos::prelude::*;

use crate::model::Law;
use crate::protocol::PictureSource;
use crate::ui::client::Client;
use crate::ui::state::{Choice, Download, Loading, Maps, Notices, Results, Selection, Walk};
use crate::view::link::{After, Link};
use crate::view::offer::Row;
use crate::view::walk;
use crate::view::wish::Wish;
use crate::view::words;
use crate::zoo::hub::HUB;
use crate::zoo::samples::{Sample, samples};
use crate::zoo::{FILE_ID, TAUGHT_ID, URL_ID};

/// Handles of what an address decides.
#[derive(Clone, Copy)]
pub(crate) struct Address {
    choice: Choice,
    loading: Loading,
    maps: Maps,
    notices: Notices,
    results: Results,
    selection: Selection,
    walk: Walk,
    /// What is opened when the page is drawn: the link with which it began, or the one that the visitor has followed since. `None`
    /// from then on.
    first: StoredValue<Option<Link>>,
}

impl Address {
    /// That of the page.
    pub(crate) fn of_page() -> Self {
        Self {
            choice: expect_context(),
            loading: expect_context(),
            maps: expect_context(),
            notices: expect_context(),
            results: expect_context(),
            selection: expect_context(),
            walk: expect_context(),
            first: StoredValue::new(None),
        }
    }

    /// What is in the address, with what a step of the walk adds; names what is not understood.
    fn read(ignored: &mut Vec<String>) -> Link {
        let (mut link, unknown) = Link::parse(&window().location().search().unwrap_or_default());
        ignored.extend(unknown);
        if let Some(number) = link.walk.take_if(|number| walk::Step::numbered(*number).is_none()) {
            ignored.push(format!("walk={number}"));
        }
        walk::complete(link)
    }

    /// Applies the settings of the address, and names those that cannot be applied. Runs before the worker gets its first command;
    /// what is left is for [`Address::show`].
    pub(crate) fn obey(self) -> Link {
        let mut ignored = Vec::new();
        let link = Self::read(&mut ignored);
        self.choose(&link, &mut ignored);
        self.look(&link, &mut ignored);
        if !ignored.is_empty() {
            let ignored = ignored.join(", ");
            self.notices.note(format!("Ignored unknown settings in the link: {ignored}."));
        }
        self.first.set_value(Some(link.clone()));
        link
    }

    /// Chooses the settings of a link.
    fn choose(self, link: &Link, ignored: &mut Vec<String>) {
        let Self { choice, loading, .. } = self;
        if let Some(hub) = &link.hub {
            choice.hub.set(hub.clone());
        }
        if let Some(network) = self.network(link, ignored) {
            let wish = || choice.at(network, |listed| Wish::new(link, network, listed, ignored));
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
        choice.cores.set(link.cores);
        if let Some(runs) = link.runs {
            choice.runs.set(runs);
        }
        choice.measure.set(link.after != Some(After::Answer));
    }

    /// Selects the part of the network and the map of a link, or what the page begins with.
    fn look(self, link: &Link, ignored: &mut Vec<String>) {
        let Self { choice, maps, selection, .. } = self;
        maps.keep(link.map);
        let Some(name) = &link.part else { return selection.select_first() };
        let part = choice.parts.with_untracked(|parts| parts.iter().position(|part| part.name == *name));
        match part {
            Some(part) => selection.select(choice, part),
            None => ignored.push(format!("part={name}")),
        }
    }

    /// The network that the address names; `None` where that is a visitor's own file which is not here.
    fn network(self, link: &Link, ignored: &mut Vec<String>) -> Option<usize> {
        let Some(id) = link.model.as_deref() else { return Some(self.choice.network.get_untracked()) };
        let place = self.choice.place_of(id);
        if place.is_none() {
            if [FILE_ID, URL_ID].contains(&id) {
                self.notices.note("A link cannot include your own network file: choose the file again.".into());
                return None;
            }
            if id == TAUGHT_ID {
                self.notices.note(words::NOT_IN_A_LINK.into());
                return None;
            }
            ignored.push(format!("model={id}"));
        }
        place.or(Some(self.choice.network.get_untracked()))
    }

    /// The sample that is shown; `None` for the first of all, with which the page begins, and for a picture of the visitor's own.
    fn sample(self) -> Option<&'static str> {
        self.results.picture.with(|shown| {
            let PictureSource::Url(path) = &shown.as_ref()?.picture.request.source else { return None };
            samples().iter().skip(1).find(|sample| sample.path() == *path).map(Sample::name)
        })
    }

    /// Shows the sample picture of a link, or the one that the page begins with.
    pub(crate) fn show_picture(self, client: Client, link: &Link) {
        let samples = samples();
        let named = link.picture.as_ref().map(|name| (name, samples.iter().find(|sample| sample.name() == name)));
        if let Some((name, None)) = named {
            self.notices.note(format!("The link names a sample picture that is not here: {name}."));
        }
        if let Some(sample) = named.and_then(|(_, sample)| sample).or(samples.first()) {
            client.show_sample(sample);
        }
    }

    /// Opens what is to be opened, now that the page is drawn. It could be used before, and what the visitor has opened meanwhile
    /// stays open.
    pub(crate) fn open_first(self) {
        if let Some(link) = self.first.try_update_value(Option::take).flatten() {
            panels::open(&link.open);
            self.show_step(link.walk);
        }
    }

    /// Shows a step of the walk, or none.
    fn show_step(self, number: Option<usize>) {
        let Walk { step, is_offered, .. } = self.walk;
        if step.get_untracked() != number {
            step.set(number);
            is_offered.set(false);
        }
    }

    /// Loads the network that the address names if the cache has all of it. Otherwise nothing is downloaded: a notice names it
    /// and has a button that downloads it.
    pub(crate) fn load_wish(self, client: Client) {
        let Self { choice, loading, notices, .. } = self;
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

    /// What is shown, as a link.
    fn link(self, opened: ReadSignal<Vec<&'static str>>) -> Link {
        let Self { choice, maps, selection, .. } = self;
        Link {
            model: Some(choice.listed(|listed| listed.network().id.clone())),
            depth: Some(choice.depth.get()),
            cardinality: Some(choice.graph.with(|graph| graph.config.cardinality)),
            law: choice.turned.with(|turned| Some(turned.law).filter(|law| *law != Law::default())),
            reference: choice.turned.with(|turned| turned.reference),
            plan: Some(choice.plan.get()),
            weights: Some(choice.weight_dtype.get()),
            // Only what was chosen: another visitor's machine may have another device.
            backend: choice.backend.get(),
            cores: choice.cores.get(),
            runs: Some(choice.runs.get()),
            hub: Some(choice.hub.get()).filter(|hub| hub != HUB),
            after: (!choice.measure.get()).then_some(After::Answer),
            picture: self.sample().map(str::to_owned),
            part: selection.chosen().and_then(|part| choice.parts.with(|parts| Some(parts.get(part)?.name.clone()))),
            open: opened.get(),
            map: maps.chosen.get().map(|place| (place, maps.kind.get())),
            walk: self.walk.step.get(),
        }
    }

    /// Writes every later choice into the address, without a new entry in the history. A step of the walk is an entry of its own, to
    /// which the browser's buttons lead back.
    pub(crate) fn keep(self, client: Client) {
        let opened = panels::opened();
        let link = Memo::new(move |_| self.link(opened));
        let replace = |link: &Link| {
            let history = window().history();
            let _ = history.and_then(|history| history.replace_state_with_url(&"".into(), "", Some(&link.query())));
        };
        Effect::new(move |first: Option<()>| {
            let link = link.get();
            // A bare address stays bare until something is chosen.
            if first.is_some() {
                replace(&link);
            }
        });
        let walk = self.walk;
        Effect::new(move |_| {
            let Some(number) = walk.asked.get() else { return };
            let now = link.get_untracked();
            let Some(next) = walk::at(number, &now) else { return };
            if now.walk != next.walk {
                // What is left is found again as it is, even where the address was bare.
                replace(&now);
                let history = window().history();
                let _ = history.and_then(|history| history.push_state_with_url(&"".into(), "", Some(&next.query())));
            }
            self.go(client, &next, &mut Vec::new());
        });
        // Forward and back within the page.
        window_event_listener_untyped("popstate", move |_| {
            let mut ignored = Vec::new();
            let link = Self::read(&mut ignored);
            self.go(client, &link, &mut ignored);
        });
    }

    /// Shows what a link says on the page that is there.
    fn go(self, client: Client, link: &Link, ignored: &mut Vec<String>) {
        self.choose(link, ignored);
        self.look(link, ignored);
        // A picture of the visitor's own is in no address, and stays; a sample is shown where it is not shown yet.
        let is_own = self.results.picture.with_untracked(|shown| {
            shown.as_ref().is_some_and(|shown| !matches!(shown.picture.request.source, PictureSource::Url(_)))
        });
        let shown = untrack(|| self.sample());
        let first = samples().first().map(Sample::name);
        let wanted = link.picture.as_deref();
        let is_shown = if is_own { wanted.is_none() } else { shown.or(first) == wanted.or(first) };
        if !is_shown {
            self.show_picture(client, link);
        }
        self.load_wish(client);
        if self.first.with_value(Option::is_some) {
            self.first.set_value(Some(link.clone()));
        } else {
            panels::open_only(&link.open);
            self.show_step(link.walk);
        }
    }
}
