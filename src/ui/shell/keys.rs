//! Pasting, and `Esc`: the keys that belong to the whole page.

use leptos::ev;
use leptos::prelude::*;
use wasm_bindgen::JsCast;
use web_sys::{ClipboardEvent, Element};

use super::drop_zone::class_at;
use crate::ui::client::Client;
use crate::ui::state::{Maps, Notices, Selection, Walk};
use crate::view::words;

/// An open dialog handles its own keys, and has a text field to paste into.
fn is_in_dialog() -> bool {
    document().query_selector("dialog[open]").is_ok_and(|open| open.is_some())
}

/// Whether a text is pasted into a field that takes texts.
fn is_for_a_field(event: &ClipboardEvent) -> bool {
    let target = event.target().and_then(|target| target.dyn_into::<Element>().ok());
    let has_files = event.clipboard_data().is_some_and(|data| data.types().includes(&"Files".into(), 0));
    !has_files && target.is_some_and(|target| target.matches("input, textarea").unwrap_or(false))
}

/// Listens for as long as the page lives.
pub(crate) fn listen() {
    let client = expect_context::<Client>();
    let notices = expect_context::<Notices>();
    let maps = expect_context::<Maps>();
    let selection = expect_context::<Selection>();
    let walk = expect_context::<Walk>();
    window_event_listener(ev::paste, move |event| {
        let event: ClipboardEvent = event.unchecked_into();
        if is_in_dialog() || is_for_a_field(&event) {
            return;
        }
        // What is focused on, or was clicked last.
        if let Some(class) = class_at(&event)
            && client.teach_transfer(Some(class), event.clipboard_data())
        {
            return;
        }
        if !client.take_transfer(event.clipboard_data()) {
            notices.note(words::NOTHING_PASTED.into());
        }
    });
    window_event_listener(ev::keydown, move |event| {
        if event.key() == "Escape"
            && !is_in_dialog()
            && !notices.dismiss_newest()
            && !walk.close()
            && !maps.close()
            && !client.stop_live()
        {
            selection.clear();
        }
    });
}
