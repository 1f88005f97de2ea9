//! A button that copies a text. Where the browser does not copy it, the text is shown, to be copied by hand.

use leptos::html;
use leptos::prelude::*;
use leptos::task::spawn_local;

use crate::platform::{copy_text, sleep};

/// How long the button says that the text was copied.
const SAID_MS: i32 = 2_000;

/// `field` is the id of the field that shows the text, `what` its name, and `said` what is told to who cannot see the button.
#[component]
pub(crate) fn CopyText(
    id: &'static str,
    field: &'static str,
    label: &'static str,
    what: &'static str,
    said: &'static str,
    text: Box<dyn Fn() -> String>,
) -> impl IntoView {
    let is_copied = RwSignal::new(false);
    let by_hand = RwSignal::new(None::<String>);
    let copy = move |_| {
        let text = text();
        spawn_local(async move {
            if copy_text(&text).await {
                is_copied.set(true);
                sleep(SAID_MS).await;
                is_copied.set(false);
            } else {
                by_hand.set(Some(text));
            }
        });
    };
    let shown = NodeRef::<html::Textarea>::new();
    Effect::new(move |_| {
        if let Some(shown) = shown.get() {
            // It is in the document and can be focused.
            let _ = shown.focus();
            shown.select();
        }
    });
    let area = move |text: String| {
        let leave = move |_| by_hand.set(None);
        let rows = text.lines().count().min(12).to_string();
        view! { <textarea id=field readonly rows=rows aria-label=what prop:value=text node_ref=shown on:blur=leave></textarea> }
    };
    // Both texts lie in the same place, so that nothing moves.
    view! {
        <span class="copy">
            <button type="button" id=id class="plain" class:copied=is_copied on:click=copy>
                <span>{label}</span>
                <span>"Copied"</span>
            </button>
            <span class="sr-only" role="status">{move || is_copied.get().then_some(said)}</span>
            {move || by_hand.get().map(area)}
        </span>
    }
}
