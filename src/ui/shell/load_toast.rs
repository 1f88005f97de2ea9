//! The network that is loading: how much has come, how long the rest will take, or why it failed.

use leptos::prelude::*;

use crate::protocol::{Load, LoadStatus};
use crate::ui::client::Client;
use crate::ui::state::Loading;
use crate::ui::widgets::WarningSign;
use crate::view::words;

#[component]
pub(crate) fn LoadToast() -> impl IntoView {
    let load = expect_context::<Loading>().load;
    // For a screen reader: once, not with every byte. A failure is an alert.
    let spoken = move || {
        load.with(|load| {
            let coming = load.as_ref().filter(|load| load.is_coming());
            coming.map(|load| format!("{} is loading", load.title))
        })
    };
    let card = move || {
        let Load { title, status } = load.get()?;
        Some(match status {
            LoadStatus::Failed(failure) => view! { <Failed title reason=failure.reason /> }.into_any(),
            status => view! { <Coming title status /> }.into_any(),
        })
    };
    view! {
        <aside id="arrival" aria-label="A network that is loading">{card}</aside>
        <p class="sr-only" role="status">{spoken}</p>
    }
}

#[component]
fn Coming(title: String, status: LoadStatus) -> impl IntoView {
    let client = expect_context::<Client>();
    // Without a value the bar shows that the share is unknown.
    let share = words::load_share(&status).map(|share| share.to_string());
    view! {
        <div class="notice coming" data-stage="coming">
            <div>
                <p><b>{words::short_name(&title)}</b> " "<span class="num">{words::load(&status)}</span></p>
                <progress max="1" aria-label="share that is loaded" value=share></progress>
            </div>
            <button type="button" class="plain" on:click=move |_| client.cancel_load()>"Cancel"</button>
        </div>
    }
}

#[component]
fn Failed(title: String, reason: String) -> impl IntoView {
    let client = expect_context::<Client>();
    view! {
        <div class="notice error" data-stage="failed" role="alert">
            <WarningSign />
            <div>
                <p><b>{words::short_name(&title)}</b> ": " {words::sentence(&reason)}</p>
                <button type="button" class="plain" on:click=move |_| client.retry_load()>"Try again"</button>
            </div>
            <button type="button" class="close" aria-label="Dismiss" on:click=move |_| client.cancel_load()>"×"</button>
        </div>
    }
}
