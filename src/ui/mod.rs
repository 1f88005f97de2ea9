//! The page, on its own thread: it asks and shows, and a worker does the work. The only module that names a user interface.
//!
//! [`state`] holds what is known as signals, [`client`] talks with the worker, and every other folder is a region of the
//! screen with its styles.

mod client;
mod state;

use leptos::prelude::*;

use client::Client;

/// Puts the page into the document and tells the worker what to do.
pub fn mount() {
    console_error_panic_hook::set_once();
    mount_to_body(App);
}

#[component]
fn App() -> impl IntoView {
    state::provide();
    let client = Client::new();
    provide_context(client);
    client.start();
    view! { <main id="page"></main> }
}
