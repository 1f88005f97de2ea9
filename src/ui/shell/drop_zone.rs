//! What is dragged over the page and dropped on it: files, folders, pictures and links of other pages. An overlay says so.

use leptos::ev;
use leptos::prelude::*;
use wasm_bindgen::JsCast;
use web_sys::{DragEvent, Element};

use crate::ui::client::Client;
use crate::ui::state::Notices;
use crate::view::words;

#[component]
pub(crate) fn DropZone() -> impl IntoView {
    let client = expect_context::<Client>();
    let notices = expect_context::<Notices>();
    let over = RwSignal::new(false);
    // What was dragged from the page itself is none of the visitor's.
    let is_ours = StoredValue::new(false);
    let enter = move |event: DragEvent| {
        if !is_for_a_field(&event) {
            // Without this the browser would open what is dropped in place of the page.
            event.prevent_default();
            over.set(!is_ours.get_value());
        }
    };
    window_event_listener(ev::dragstart, move |_| is_ours.set_value(true));
    window_event_listener(ev::dragend, move |_| is_ours.set_value(false));
    window_event_listener(ev::dragenter, enter);
    window_event_listener(ev::dragover, enter);
    window_event_listener(ev::dragleave, move |event| {
        // Only leaving the window counts; moving from element to element does not.
        if event.related_target().is_none() {
            over.set(false);
        }
    });
    window_event_listener(ev::drop, move |event| {
        over.set(false);
        if is_for_a_field(&event) {
            return;
        }
        event.prevent_default();
        if !is_ours.get_value() && !client.take_transfer(event.data_transfer()) {
            notices.note(words::NOTHING_DROPPED.into());
        }
    });
    view! {
        <div id="landing" class:over=move || over.get() aria-hidden="true">
            <p><b>"Drop it anywhere: "</b>"pictures, a network with its config.json, or a result"</p>
        </div>
    }
}

/// Whether a text is dragged into a field that takes texts.
fn is_for_a_field(event: &DragEvent) -> bool {
    let carries_files = event.data_transfer().is_some_and(|data| data.types().includes(&"Files".into(), 0));
    let target = event.target().and_then(|target| target.dyn_into::<Element>().ok());
    !carries_files
        && target.is_some_and(|target| target.matches("input[type=url], input[type=text], textarea").unwrap_or(false))
}
