//! A button that copies the page's address, which holds every choice.

use leptos::html;
use leptos::prelude::*;
use leptos::task::spawn_local;

use crate::platform::{copy_text, sleep};

/// How long the button says that the link was copied.
const SAID_MS: i32 = 2_000;

#[component]
pub(crate) fn CopyLink() -> impl IntoView {
    let is_copied = RwSignal::new(false);
    // The link in a field, to be copied by hand, where the browser did not copy it.
    let by_hand = RwSignal::new(None::<String>);
    let copy = move |_| {
        spawn_local(async move {
            let link = window().location().href().unwrap_or_default();
            if copy_text(&link).await {
                is_copied.set(true);
                sleep(SAID_MS).await;
                is_copied.set(false);
            } else {
                by_hand.set(Some(link));
            }
        });
    };
    let field = NodeRef::<html::Input>::new();
    Effect::new(move |_| {
        if let Some(field) = field.get() {
            // It is in the document and can be focused.
            let _ = field.focus();
            field.select();
        }
    });
    let input = move |link: String| {
        let leave = move |_| by_hand.set(None);
        view! { <input type="text" id="link" readonly aria-label="Link to copy" prop:value=link node_ref=field on:blur=leave /> }
    };
    // Both texts lie in the same place, so that nothing moves.
    view! {
        <span class="copy">
            <button type="button" id="copy-link" class="plain" class:copied=is_copied on:click=copy>
                <span>"Copy link"</span>
                <span>"Copied"</span>
            </button>
            <span class="sr-only" role="status">{move || is_copied.get().then_some("Link copied")}</span>
            {move || by_hand.get().map(input)}
        </span>
    }
}
