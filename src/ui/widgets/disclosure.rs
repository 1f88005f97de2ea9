//! What the visitor opens: its contents are built when it is open, and cost nothing before.

use leptos::prelude::*;
use wasm_bindgen::JsCast;
use web_sys::{Event, HtmlDetailsElement};

/// A line that opens, with its contents below it. `open`, where it is given, tells whether it is.
#[component]
pub(crate) fn Disclosure(
    id: &'static str,
    summary: &'static str,
    #[prop(default = RwSignal::new(false))] open: RwSignal<bool>,
    children: ChildrenFn,
) -> impl IntoView {
    let toggled = move |event: Event| {
        let details = event.target().and_then(|target| target.dyn_into::<HtmlDetailsElement>().ok());
        open.set(details.is_some_and(|details| details.open()));
    };
    view! {
        <details id=id on:toggle=toggled>
            <summary>{summary}</summary>
            {move || open.get().then(|| children())}
        </details>
    }
}
