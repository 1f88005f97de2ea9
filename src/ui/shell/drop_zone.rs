//! Files dragged over the page and dropped on it, with an overlay that says so.

use leptos::ev;
use leptos::prelude::*;
use web_sys::DragEvent;

use crate::ui::client::Client;

#[component]
pub(crate) fn DropZone() -> impl IntoView {
    let client = expect_context::<Client>();
    let over = RwSignal::new(false);
    let enter = move |event: DragEvent| {
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
        client.take_files(event.data_transfer().and_then(|data| data.files()));
    });
    view! {
        <div id="landing" class:over=move || over.get() aria-hidden="true">
            <p><b>"Drop it anywhere: "</b>"a picture, or a network with its config.json"</p>
        </div>
    }
}

fn carries_files(event: &DragEvent) -> bool {
    event.data_transfer().is_some_and(|data| data.types().includes(&"Files".into(), 0))
}
