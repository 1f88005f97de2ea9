//! The walk through the page.

use leptos::prelude::*;
use web_sys::MouseEvent;

use crate::platform::{store, stored};

/// The key in local storage that a visitor has, to whom the walk was offered.
const OFFERED: &str = "cardinal.walk";

#[derive(Clone, Copy)]
pub(crate) struct Walk {
    /// The step that is shown, from 1; `None` while the walk is closed.
    pub step: RwSignal<Option<usize>>,
    /// The step that the visitor has asked for last.
    pub asked: RwSignal<Option<usize>>,
    /// Whether it is offered: on the first visit, until it is opened.
    pub is_offered: RwSignal<bool>,
}

impl Walk {
    pub(crate) fn new() -> Self {
        let is_new = stored(OFFERED).is_none();
        if is_new {
            // Where this fails, it is offered again.
            store(OFFERED, "offered");
        }
        Self { step: RwSignal::new(None), asked: RwSignal::new(None), is_offered: RwSignal::new(is_new) }
    }

    /// Follows a link to a step within the page. What opens a new tab or window is left to the browser.
    pub(crate) fn follow(self, event: &MouseEvent, number: usize) {
        if !(event.ctrl_key() || event.meta_key() || event.shift_key()) {
            event.prevent_default();
            self.asked.set(Some(number));
        }
    }

    /// Closes it; says whether it was open.
    pub(crate) fn close(self) -> bool {
        let was_open = self.step.with_untracked(Option::is_some);
        if was_open {
            self.step.set(None);
        }
        was_open
    }
}
