//! Pasting, and `Esc`: the keys that belong to the whole page.

use leptos::ev;
use leptos::prelude::*;
use wasm_bindgen::JsCast;
use web_sys::ClipboardEvent;

use crate::ui::client::Client;
use crate::ui::state::{Maps, Notices, Selection, Walk};
use crate::view::words;

/// An open dialog handles its own keys, and has a text field to paste into.
fn is_in_dialog() -> bool {
    document().query_selector("dialog[open]").is_ok_and(|open| open.is_some())
}

/// Listens for as long as the page lives.
pub(crate) fn listen() {
    let client = expect_context::<Client>();
    let notices = expect_context::<Notices>();
    let maps = expect_context::<Maps>();
    let selection = expect_context::<Selection>();
    let walk = expect_context::<Walk>();
    window_event_listener(ev::paste, move |event| {
        if is_in_dialog() {
            return;
        }
        let event: ClipboardEvent = event.unchecked_into();
        if !client.take_transfer(event.clipboard_data()) {
            notices.note(words::NOTHING_PASTED.into());
        }
    });
    window_event_listener(ev::keydown, move |event| {
        if event.key() == "Escape" && !is_in_dialog() && !notices.dismiss_newest() && !walk.close() && !maps.close() {
            selection.clear();
        }
    });
}
