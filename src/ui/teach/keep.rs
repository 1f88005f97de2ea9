//! Whether what is taught is kept.

use leptos::html;
use leptos::prelude::*;
use leptos::task::spawn_local;

use crate::ui::client::Client;
use crate::ui::state::Teach;

/// Off at first: what is taught is nobody's business but the visitor's.
#[component]
pub(super) fn Keep() -> impl IntoView {
    let teach = expect_context::<Teach>();
    let client = expect_context::<Client>();
    let field = NodeRef::<html::Input>::new();
    let changed = move |_| {
        let is_kept = field.get_untracked().is_some_and(|field| field.checked());
        spawn_local(client.keep_taught(is_kept));
    };
    view! {
        <label class="keep">
            <input type="checkbox" id="teach-keep" prop:checked=move || teach.is_kept.get() node_ref=field on:change=changed />
            <span>
                "Keep in this browser"
                <small>{move || if teach.is_kept.get() { "Here again on your next visit. Clear the box to forget all of it." } else { "Otherwise it is gone when the page is closed." }}</small>
            </span>
        </label>
    }
}
