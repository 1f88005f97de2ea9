//! The warning sign beside an error's text.

use leptos::prelude::*;

/// `size` in pixels.
#[component]
pub(crate) fn WarningSign(#[prop(default = 20)] size: u32) -> impl IntoView {
    view! {
        <svg viewBox="0 0 20 20" width=size.to_string() height=size.to_string() aria-hidden="true">
            <path class="sign" d="M10 2.5 19 17.5H1z" />
            <path class="mark" d="M10 8v4.5M10 14.4v.6" />
        </svg>
    }
}
