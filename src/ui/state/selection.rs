//! The part of the network that is shown in detail.

use leptos::prelude::*;

use super::Choice;

/// The first block: between the stem and the rest.
const FIRST_BLOCK: usize = 1;

/// Indices in [`Choice::parts`].
#[derive(Clone, Copy)]
pub(crate) struct Selection {
    pub selected: RwSignal<Option<usize>>,
    pub hovered: RwSignal<Option<usize>>,
    /// The part pointed at, else the part selected.
    pub shown: Memo<Option<usize>>,
    /// Whether equal blocks are drawn as one.
    pub folded: RwSignal<bool>,
}

impl Selection {
    pub(crate) fn new(choice: Choice) -> Self {
        let selected = RwSignal::new(Some(FIRST_BLOCK));
        let hovered = RwSignal::new(None);
        let shown = Memo::new(move |_| {
            let count = choice.parts.with(|parts| parts.len());
            hovered.get().or(selected.get()).filter(|&part| part < count)
        });
        let selection = Self { selected, hovered, shown, folded: RwSignal::new(true) };
        // Another network has other blocks.
        Effect::new(move |before: Option<(usize, usize)>| {
            let now = (choice.network.get(), choice.depth.get());
            if before.is_some_and(|before| before != now) {
                selection.select_first();
            }
            now
        });
        selection
    }

    pub(crate) fn select_first(self) {
        self.selected.set(Some(FIRST_BLOCK));
    }

    pub(crate) fn clear(self) {
        self.selected.set(None);
        self.hovered.set(None);
    }
}
