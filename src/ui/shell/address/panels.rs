//! What of the page is open. The disclosures themselves know it: any `<details>` whose id is one of [`PANELS`] is in the address,
//! and can be opened by it.

use leptos::prelude::*;
use wasm_bindgen::JsCast;
use wasm_bindgen::closure::Closure;
use web_sys::HtmlDetailsElement;

use crate::view::link::PANELS;

fn panel(id: &str) -> Option<HtmlDetailsElement> {
    document().get_element_by_id(id)?.dyn_into().ok()
}

/// Opens these. They open in the event loop's next turn.
pub(super) fn open(wanted: &[&str]) {
    for panel in wanted.iter().filter_map(|id| panel(id)) {
        panel.set_open(true);
    }
}

/// Opens these in the same way, and closes all others.
pub(super) fn open_only(wanted: &[&str]) {
    for id in PANELS {
        if let Some(panel) = panel(id) {
            panel.set_open(wanted.contains(&id));
        }
    }
}

/// Those that are open, in the order of [`PANELS`]; followed for as long as the page lives.
pub(super) fn opened() -> ReadSignal<Vec<&'static str>> {
    let (opened, set_opened) = signal(Vec::new());
    let look = Closure::<dyn Fn()>::new(move || {
        let is_open = |id: &&str| panel(id).is_some_and(|panel| panel.open());
        set_opened.maybe_update(|known| {
            let now: Vec<_> = PANELS.into_iter().filter(is_open).collect();
            let is_new = *known != now;
            *known = now;
            is_new
        });
    });
    // The event does not rise from its element to the window; on its way down it passes here. If this fails, the address lacks
    // what is open.
    let _ = window().add_event_listener_with_callback_and_bool("toggle", look.as_ref().unchecked_ref(), true);
    look.forget();
    opened
}
