//! Messages that can be put away. They lie over the page, so that nothing moves.

use leptos::prelude::*;

use super::page::{Notice, Page};

pub fn notices(page: Page) -> AnyView {
    let dismiss = move |id| page.notices.update(|notices| notices.retain(|notice: &Notice| notice.id != id));
    let one = move |notice: Notice| {
        let id = notice.id;
        view! {
            <div class="notice" class:error=notice.error role="alert" data-kind=if notice.error { "error" } else { "note" }>
                {sign()}
                <p>{sentence(&notice.text)}</p>
                <button type="button" class="close" aria-label="Dismiss" on:click=move |_| dismiss(id)>"×"</button>
            </div>
        }
        .into_any()
    };
    view! {
        <aside id="notices" aria-label="Messages">
            <For each=move || page.notices.get() key=|notice| notice.id children=one />
        </aside>
    }
    .into_any()
}

/// Errors of the library end without a full stop, as errors in Rust do.
pub fn sentence(text: &str) -> String {
    format!("{}.", text.trim_end_matches('.'))
}

/// The sign that something went wrong; words stand beside it.
pub fn sign() -> AnyView {
    view! {
        <svg viewBox="0 0 20 20" width="20" height="20" aria-hidden="true">
            <path class="sign" d="M10 2.5 19 17.5H1z" />
            <path class="mark" d="M10 8v4.5M10 14.4v.6" />
        </svg>
    }
    .into_any()
}
