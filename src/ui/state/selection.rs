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
    /// The network, and its depth, of whose parts one was selected last.
    of: StoredValue<(usize, usize)>,
}

impl Selection {
    pub(crate) fn new(choice: Choice) -> Self {
        let selected = RwSignal::new(Some(FIRST_BLOCK));
        let hovered = RwSignal::new(None);
        let shown = Memo::new(move |_| {
            let count = choice.parts.with(|parts| parts.len());
            hovered.get().or(selected.get()).filter(|&part| part < count)
        });
        let of = StoredValue::new(untrack(|| Self::network(choice)));
        let selection = Self { selected, hovered, shown, folded: RwSignal::new(true), of };
        // Another network has other blocks.
        Effect::new(move |_| {
            let now = Self::network(choice);
            if of.get_value() != now {
                of.set_value(now);
                selection.select_first();
            }
        });
        selection
    }

    fn network(choice: Choice) -> (usize, usize) {
        (choice.network.get(), choice.depth.get())
    }

    /// Selects a part of the network that has just been chosen.
    pub(crate) fn select(self, choice: Choice, part: usize) {
        self.of.set_value(untrack(|| Self::network(choice)));
        self.selected.set(Some(part));
    }

    /// The index of the selected part, where it is not the one that the page begins with.
    pub(crate) fn chosen(self) -> Option<usize> {
        self.selected.get().filter(|part| *part != FIRST_BLOCK)
    }

    pub(crate) fn select_first(self) {
        self.selected.set(Some(FIRST_BLOCK));
    }

    pub(crate) fn clear(self) {
        self.selected.set(None);
        self.hovered.set(None);
    }
}
