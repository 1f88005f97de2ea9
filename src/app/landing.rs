//! Where a dropped file lands, and the keys and gestures that belong to the whole page.

use leptos::ev;
use leptos::prelude::*;
use wasm_bindgen::JsCast;

use super::files;
use super::page::Page;

/// The overlay shown while something is dragged over the page.
pub fn landing(page: Page) -> AnyView {
    let over = RwSignal::new(false);
    let carries_files = |event: &web_sys::DragEvent| {
        event.data_transfer().is_some_and(|data| data.types().includes(&"Files".into(), 0))
    };
    let enter = move |event: web_sys::DragEvent| {
        if carries_files(&event) {
            // Without this the browser would open the file in place of the page.
            event.prevent_default();
            over.set(true);
        }
    };
    window_event_listener(ev::dragenter, enter);
    window_event_listener(ev::dragover, enter);
    window_event_listener(ev::dragleave, move |event| {
        // Only leaving the window counts; moving from element to element does not.
        if event.related_target().is_none() {
            over.set(false);
        }
    });
    window_event_listener(ev::drop, move |event| {
        event.prevent_default();
        over.set(false);
        files::take_list(page, event.data_transfer().and_then(|data| data.files()));
    });
    view! {
        <div id="landing" class:over=move || over.get() aria-hidden="true">
            <p><b>"Drop it anywhere: "</b>"a picture, or a network as .safetensors"</p>
        </div>
    }
    .into_any()
}

/// An open dialog has keys and a field of its own.
fn in_dialog() -> bool {
    document().query_selector("dialog[open]").is_ok_and(|open| open.is_some())
}

/// Pasting and `Esc`.
pub fn listen(page: Page) {
    window_event_listener(ev::paste, move |event| {
        if in_dialog() {
            return;
        }
        let event: web_sys::ClipboardEvent = event.unchecked_into();
        let files = event.clipboard_data().and_then(|data| data.files());
        if !files::take_list(page, files) {
            page.notify(
                false,
                "There is no picture in the clipboard. Copy a picture, not its address or file name.".into(),
            );
        }
    });
    window_event_listener(ev::keydown, move |event| {
        if event.key() != "Escape" || in_dialog() {
            return;
        }
        if page.notices.with_untracked(Vec::is_empty) {
            page.selected.set(None);
            page.hovered.set(None);
        } else {
            page.notices.update(|notices| {
                notices.pop();
            });
        }
    });
}
