//! The network on its way in: how much of it is there, how long it will take, or why it does not come.

use leptos::prelude::*;

use super::arrival::{self, Arrival, Stage};
use super::page::Page;

pub fn underway(page: Page) -> AnyView {
    view! { <aside id="arrival" aria-label="A network on its way">{move || page.arrival.get().map(|arrival| card(page, arrival))}</aside> }
        .into_any()
}

fn card(page: Page, arrival: Arrival) -> AnyView {
    let Arrival { title, stage } = arrival;
    match stage {
        Stage::Coming(text, share) => view! {
            <div class="notice coming" data-stage="coming">
                <div>
                    <p><b>{title}</b> " "<span class="num">{text}</span></p>
                    <progress max="1" aria-label="how much of it is there" prop:value=share></progress>
                </div>
                <button type="button" class="plain" on:click=move |_| arrival::cancel(page)>"Cancel"</button>
            </div>
        }
        .into_any(),
        Stage::Failed(text) => view! {
            <div class="notice error" data-stage="failed" role="alert">
                <svg viewBox="0 0 20 20" width="20" height="20" aria-hidden="true">
                    <path class="sign" d="M10 2.5 19 17.5H1z" />
                    <path class="mark" d="M10 8v4.5M10 14.4v.6" />
                </svg>
                <div>
                    <p><b>{title}</b> ": " {format!("{}.", text.trim_end_matches('.'))}</p>
                    <button type="button" class="plain" on:click=move |_| arrival::again(page)>"Try again"</button>
                </div>
                <button type="button" class="close" aria-label="Dismiss" on:click=move |_| arrival::cancel(page)>"×"</button>
            </div>
        }
        .into_any(),
    }
}
