//! What is dragged over the page and dropped on it: files, folders, pictures and links of other pages. An overlay says so.

use leptos::ev;
use leptos::prelude::*;
use wasm_bindgen::JsCast;
use web_sys::{DragEvent, Element, Event};

use crate::ui::client::Client;
use crate::ui::state::{Notices, Teach};
use crate::view::words;

#[component]
pub(crate) fn DropZone() -> impl IntoView {
    let client = expect_context::<Client>();
    let notices = expect_context::<Notices>();
    let over = RwSignal::new(false);
    let landing = expect_context::<Teach>().landing;
    // What was dragged from the page itself is none of the visitor's.
    let is_ours = StoredValue::new(false);
    let enter = move |event: DragEvent| {
        if !is_for_a_field(&event) {
            // Without this the browser would open what is dropped in place of the page.
            event.prevent_default();
            let class = class_at(&event);
            over.set(!is_ours.get_value() && class.is_none());
            landing.set(class.filter(|_| !is_ours.get_value()));
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
            landing.set(None);
        }
    });
    window_event_listener(ev::drop, move |event| {
        over.set(false);
        landing.set(None);
        // A region that takes it itself has said so.
        if is_for_a_field(&event) || event.default_prevented() {
            return;
        }
        event.prevent_default();
        if is_ours.get_value() {
            return;
        }
        let is_taken = match class_at(&event) {
            Some(class) => client.teach_transfer(Some(class), event.data_transfer()),
            None => client.take_transfer(event.data_transfer()),
        };
        if !is_taken {
            notices.note(words::NOTHING_DROPPED.into());
        }
    });
    view! {
        <div id="landing" class:over=move || over.get() aria-hidden="true">
            <p><b>"Drop it anywhere: "</b>"pictures, a network with its config.json, or a result"</p>
        </div>
    }
}

/// The class that an event is over, by its key, in the panel where classes are taught; 0 for none of them there.
pub(super) fn class_at(event: &Event) -> Option<u64> {
    let target = event.target()?.dyn_into::<Element>().ok()?;
    target.closest("#teach[open]").ok()??;
    let class = target.closest("[data-class]").ok().flatten();
    Some(class.and_then(|class| class.get_attribute("data-class")?.parse().ok()).unwrap_or(0))
}

/// Whether a text is dragged into a field that takes texts.
fn is_for_a_field(event: &DragEvent) -> bool {
    let carries_files = event.data_transfer().is_some_and(|data| data.types().includes(&"Files".into(), 0));
    let target = event.target().and_then(|target| target.dyn_into::<Element>().ok());
    !carries_files
        && target.is_some_and(|target| target.matches("input[type=url], input[type=text], textarea").unwrap_or(false))
}
