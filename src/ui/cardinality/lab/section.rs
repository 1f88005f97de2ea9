//! The disclosure below the dial.

use leptos::prelude::*;
use wasm_bindgen::JsCast;
use web_sys::{Event, HtmlDetailsElement};

use super::dials::Dials;
use super::measure::Measure;

#[component]
pub(crate) fn Laboratory() -> impl IntoView {
    // Once opened it stays: what was typed and measured is not to be lost with a click.
    let opened = RwSignal::new(false);
    let toggled = move |event: Event| {
        let details = event.target().and_then(|target| target.dyn_into::<HtmlDetailsElement>().ok());
        if details.is_some_and(|details| details.open()) {
            opened.set(true);
        }
    };
    view! {
        <details id="laboratory" on:toggle=toggled>
            <summary>"Cardinality laboratory: any number of groups, by either law"</summary>
            {move || opened.get().then(|| view! { <Dials /><Measure /> })}
        </details>
    }
}
