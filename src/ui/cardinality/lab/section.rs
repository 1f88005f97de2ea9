//! The disclosure below the dial.

use leptos::prelude::*;
use wasm_bindgen::JsCast;
use web_sys::{Event, HtmlDetailsElement};

use super::dials::Dials;
use super::measure::Measure;
use crate::ui::state;

#[component]
pub(crate) fn Laboratory() -> impl IntoView {
    // Once opened it stays: what was typed and measured is not to be lost with a click.
    let opened = RwSignal::new(false);
    let open = expect_context::<state::Laboratory>().open;
    Effect::new(move |_| opened.update(|opened| *opened |= open.get()));
    let toggled = move |event: Event| {
        let details = event.target().and_then(|target| target.dyn_into::<HtmlDetailsElement>().ok());
        open.set(details.is_some_and(|details| details.open()));
    };
    view! {
        <details id="laboratory" prop:open=open on:toggle=toggled>
            <summary>"Cardinality laboratory: any number of groups, by either law"</summary>
            {move || opened.get().then(|| view! { <Dials /><Measure /> })}
        </details>
    }
}
