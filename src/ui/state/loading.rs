//! Networks that are loading, and those that are loaded or kept.

use leptos::prelude::*;

use super::Choice;
use crate::protocol::{CachedFile, Load};
use crate::view::offer::kept_file;
use crate::zoo::{Listed, Location};

#[derive(Clone, Copy)]
pub(crate) struct Loading {
    /// The network that is loading, or why loading failed.
    pub load: RwSignal<Option<Load>>,
    /// Files in the browser's cache; `None` until it has been looked into.
    pub kept: RwSignal<Option<Vec<CachedFile>>>,
    /// Places of networks that were read and have to be loaded again before they run: taken out of the cache, or lost with a
    /// worker that died.
    pub unloaded: RwSignal<Vec<usize>>,
    choice: Choice,
}

impl Loading {
    pub(crate) fn new(choice: Choice) -> Self {
        Self { load: RwSignal::new(None), kept: RwSignal::new(None), unloaded: RwSignal::new(Vec::new()), choice }
    }

    /// Whether the network at a place can be turned to at once.
    pub(crate) fn is_here(self, place: usize) -> bool {
        let unloaded = self.unloaded.with(|unloaded| unloaded.contains(&place));
        self.choice.networks.with(|networks| {
            networks.get(place).is_some_and(|listed| comes_with_page(listed) || is_read(listed) && !unloaded)
        })
    }

    /// What the browser's cache has of the network at a place.
    pub(crate) fn kept_of(self, place: usize) -> Option<CachedFile> {
        self.choice.networks.with(|networks| {
            let network = networks.get(place)?.network();
            let files = self.kept.get()?;
            self.choice.hub.with(|hub| kept_file(network, hub, &files).cloned())
        })
    }

    /// Places of the networks that are gone with their worker: they were loaded, and do not come with the page.
    pub(crate) fn held_by_worker(self) -> Vec<usize> {
        self.choice.networks.with_untracked(|networks| {
            let held = networks.iter().enumerate().filter(|(_, listed)| !comes_with_page(listed) && is_read(listed));
            held.map(|(place, _)| place).collect()
        })
    }

    /// Whether the network at a place has to be loaded again before it runs.
    pub(crate) fn is_unloaded(self, place: usize) -> bool {
        self.unloaded.with_untracked(|unloaded| unloaded.contains(&place))
    }

    /// The network at a place was loaded.
    pub(crate) fn loaded(self, place: usize) {
        self.unloaded.update(|unloaded| unloaded.retain(|other| *other != place));
    }

    /// The network at a place has to be loaded again, though what is in use goes on.
    pub(crate) fn unload(self, place: usize) {
        self.unloaded.update(|unloaded| {
            unloaded.retain(|other| *other != place);
            unloaded.push(place);
        });
    }
}

/// Whether it is untrained, or its weights lie beside the page.
fn comes_with_page(listed: &Listed) -> bool {
    let own = listed.network().trained.first();
    own.is_none_or(|weights| matches!(weights.location, Location::Bundled(_)))
}

/// Whether its file has been read.
fn is_read(listed: &Listed) -> bool {
    listed.network().preprocess.is_some()
}
