//! The disclosure below the dial.

use leptos::prelude::*;

use super::dials::Dials;
use super::measure::Measure;
use crate::ui::widgets::Disclosure;

#[component]
pub(crate) fn Laboratory() -> impl IntoView {
    view! {
        <Disclosure id="laboratory" summary="Cardinality laboratory: any number of groups, by either law">
            <Dials />
            <Measure />
        </Disclosure>
    }
}
