//! A term that explains itself where it stands: its explanation is shown while it is pointed at, focused or tapped.

use leptos::prelude::*;

/// `id` is that of the explanation.
#[component]
pub(crate) fn Term(
    id: &'static str,
    #[prop(into)] text: Signal<String>,
    #[prop(into)] explained: Signal<String>,
) -> impl IntoView {
    view! {
        <span>
            <button type="button" class="term" aria-describedby=id>{move || text.get()}</button>
            <span id=id class="tip" role="tooltip">{move || explained.get()}</span>
        </span>
    }
}
