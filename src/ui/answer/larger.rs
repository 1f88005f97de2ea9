//! A network with more classes, offered where the picture may show something that the chosen one has no class for.

use leptos::prelude::*;

use crate::ui::client::Client;
use crate::ui::state::{Choice, Loading, Results};
use crate::view::offer::{Row, larger};
use crate::view::sample_rows::{labels, may_be_unknown};
use crate::view::{number, words};

/// The place in the list of the network to offer now.
pub(crate) fn offered(choice: Choice, results: Results) -> Option<usize> {
    let place = choice.networks.with(|networks| larger(networks, choice.network.get()))?;
    let labels = choice.listed(|listed| labels(listed.network()));
    let unknown = results.picture.with(|shown| {
        shown.as_ref().is_some_and(|shown| may_be_unknown(&shown.picture.request.source, labels.as_deref()))
    });
    unknown.then_some(place)
}

/// What it is, and a button that gets it.
#[component]
pub(crate) fn Larger(place: usize) -> impl IntoView {
    let choice = expect_context::<Choice>();
    let loading = expect_context::<Loading>();
    let client = expect_context::<Client>();
    if loading.kept.with_untracked(Option::is_none) {
        client.list_files();
    }
    let title = Memo::new(move |_| choice.at(place, |listed| listed.network().title.clone()).unwrap_or_default());
    let classes = choice.at(place, |listed| listed.network().config.num_classes as u64).map(number::grouped);
    let coming = Memo::new(move |_| {
        loading.load.with(|load| {
            let load = load.as_ref().filter(|load| load.is_coming() && title.with(|title| load.title == *title));
            load.map(|load| words::load_brief(&load.status))
        })
    });
    let action = move || {
        let (kept, is_here) = (loading.kept_of(place), loading.is_here(place));
        if is_here || kept.as_ref().is_some_and(|kept| kept.complete) {
            return Some("Use it".to_owned());
        }
        choice.at(place, |listed| Row::new(listed, kept.as_ref(), false, false).action)
    };
    view! {
        <p id="larger" class="meta">
            {format!("Recognise {} things: ", classes.unwrap_or_default())}
            <b>{title}</b>
            " "
            <button type="button" class="plain" disabled=move || coming.with(Option::is_some) on:click=move |_| client.use_listed(place)>
                {move || coming.get().or_else(action)}
            </button>
        </p>
    }
}
