//! The network on its way in: how much of it is there, how long it will take, or why it does not come.

use leptos::prelude::*;

use super::arrival::{self, Arrival, Stage};
use super::notices::{sentence, sign};
use super::page::Page;

pub fn underway(page: Page) -> AnyView {
    // For a screen reader: once, not with every byte. A failure speaks for itself.
    let spoken = move || {
        let title = |arrival: &Arrival| arrival.is_coming().then(|| format!("{} is being fetched", arrival.title));
        page.arrival.with(|arrival| arrival.as_ref().and_then(title)).unwrap_or_default()
    };
    view! {
        <aside id="arrival" aria-label="A network on its way">{move || page.arrival.get().map(|arrival| card(page, arrival))}</aside>
        <p class="sr-only" role="status">{spoken}</p>
    }
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
                {sign()}
                <div>
                    <p><b>{title}</b> ": " {sentence(&text)}</p>
                    <button type="button" class="plain" on:click=move |_| arrival::again(page)>"Try again"</button>
                </div>
                <button type="button" class="close" aria-label="Dismiss" on:click=move |_| arrival::cancel(page)>"×"</button>
            </div>
        }
        .into_any(),
    }
}
