//! A network of the list.

use leptos::prelude::*;

use crate::ui::client::Client;
use crate::ui::state::{Choice, Loading, Menu};
use crate::view::offer::Row;

/// The network at a place in the list.
#[component]
pub(crate) fn MenuRow(place: usize) -> impl IntoView {
    let choice = expect_context::<Choice>();
    let loading = expect_context::<Loading>();
    let client = expect_context::<Client>();
    let open = expect_context::<Menu>().open;
    let kept = Memo::new(move |_| loading.kept_of(place));
    let is_here = Memo::new(move |_| loading.is_here(place));
    let is_chosen = Memo::new(move |_| choice.network.get() == place);
    let words = Memo::new(move |_| {
        let (is_here, is_chosen) = (is_here.get(), is_chosen.get());
        kept.with(|kept| choice.at(place, |listed| Row::new(listed, kept.as_ref(), is_here, is_chosen)))
    });
    let choose = move |_| {
        open.set(false);
        client.use_listed(place);
    };
    let remove = move || {
        let url = kept.with(|kept| kept.as_ref().map(|kept| kept.url.clone()))?;
        let remove = move |_| client.remove_file(place, url.clone());
        Some(view! { <button type="button" class="plain remove" on:click=remove>"Remove"</button> })
    };
    let data_kept = move || kept.with(|kept| kept.as_ref().map(|kept| if kept.complete { "whole" } else { "part" }));
    view! {
        <li
            data-id=move || choice.at(place, |listed| listed.network().id.clone())
            data-kept=data_kept
            class:on=move || is_chosen.get()
        >
            <div>
                <h3>{move || choice.at(place, |listed| listed.network().title.clone())}</h3>
                <p>"Recognises " {move || choice.at(place, |listed| listed.network().knows.clone())}</p>
                <p class="meta">{move || words.with(|row| row.as_ref().map(|row| row.facts.clone()))}</p>
            </div>
            <div class="actions">
                <button type="button" class="use" disabled=move || is_chosen.get() && is_here.get() on:click=choose>
                    {move || words.with(|row| row.as_ref().map(|row| row.action.clone()))}
                </button>
                {remove}
            </div>
        </li>
    }
}
