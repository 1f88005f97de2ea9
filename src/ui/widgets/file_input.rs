//! The browser's dialog for choosing a file.

use leptos::prelude::*;
use wasm_bindgen::JsCast;
use web_sys::{Event, FileList, HtmlInputElement};

/// `accept` lists the kinds of files that the dialog offers.
#[component]
pub(crate) fn FileInput(
    #[prop(into)] id: String,
    accept: &'static str,
    #[prop(optional)] label: Option<&'static str>,
    /// Whether a folder is chosen, with all files in it.
    #[prop(optional)]
    folder: bool,
    on_choose: impl Fn(Option<FileList>) + 'static,
) -> impl IntoView {
    let changed = move |event: Event| {
        let Some(input) = event.target().and_then(|target| target.dyn_into::<HtmlInputElement>().ok()) else { return };
        on_choose(input.files());
        // Otherwise choosing the same file again would not be a change.
        input.set_value("");
    };
    view! { <input id=id type="file" multiple prop:webkitdirectory=folder accept=accept aria-label=label on:change=changed /> }
}
