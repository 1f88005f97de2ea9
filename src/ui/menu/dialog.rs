//! The dialog.

use leptos::html;
use leptos::prelude::*;

use super::own::Own;
use super::row::MenuRow;
use crate::ui::client::Client;
use crate::ui::state::{Choice, Menu};

#[component]
pub(crate) fn MenuDialog() -> impl IntoView {
    let choice = expect_context::<Choice>();
    let client = expect_context::<Client>();
    let open = expect_context::<Menu>().open;
    let dialog = NodeRef::<html::Dialog>::new();
    Effect::new(move |_| {
        let Some(dialog) = dialog.get() else { return };
        match (open.get(), dialog.open()) {
            (true, false) => {
                client.list_files();
                // It is in the document and closed, which is all that it takes.
                let _ = dialog.show_modal();
            }
            (false, true) => dialog.close(),
            _ => {}
        }
    });
    let count = move || choice.networks.with(Vec::len);
    // While it is closed the rows are not needed.
    let rows = move || open.get().then(|| (0..count()).map(|place| view! { <MenuRow place /> }).collect_view());
    view! {
        <dialog id="models" aria-labelledby="models-title" node_ref=dialog on:close=move |_| open.set(false)>
            <div class="head">
                <h2 id="models-title">"Networks"</h2>
                <button type="button" class="close" aria-label="Close" on:click=move |_| open.set(false)>"×"</button>
            </div>
            <ul>{rows}</ul>
            <Own />
            <p class="explain">
                "A file is downloaded once, checked, and kept in this browser if there is space. Pictures never leave this machine."
            </p>
        </dialog>
    }
}
