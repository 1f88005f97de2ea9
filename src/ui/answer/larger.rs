//! A network with more classes, offered where the picture may show something that the chosen one has no class for.

use leptos::prelude::*;

use crate::ui::client::Client;
use crate::ui::state::{Choice, Loading, Results};
use crate::view::offer::{Row, larger};
use crate::view::sample_rows::{labels, may_be_unknown};
use crate::view::{number, words};

/// What is offered.
#[derive(Clone, PartialEq)]
pub(super) struct Offer {
    /// Its place in the list of networks.
    place: usize,
    title: String,
    classes: u64,
    /// What its button does, or how far it has come.
    action: String,
    is_coming: bool,
}

impl Offer {
    /// The offer now, where there is one.
    pub(super) fn now(choice: Choice, loading: Loading, results: Results) -> Option<Self> {
        let place = choice.networks.with(|networks| larger(networks, choice.network.get()))?;
        let known = choice.listed(|listed| labels(listed.network()));
        let unknown = results.picture.with(|shown| {
            shown.as_ref().is_some_and(|shown| may_be_unknown(&shown.picture.request.source, known.as_deref()))
        });
        if !unknown {
            return None;
        }
        let (kept, is_here) = (loading.kept_of(place), loading.is_here(place));
        let coming = |title: &str| {
            loading.load.with(|load| {
                let load = load.as_ref().filter(|load| load.is_coming() && load.title == title);
                load.map(|load| words::load_brief(&load.status))
            })
        };
        choice.at(place, |listed| {
            let network = listed.network();
            let coming = coming(&network.title);
            let is_coming = coming.is_some();
            let action = if is_here || kept.as_ref().is_some_and(|kept| kept.complete) {
                "Use it".to_owned()
            } else {
                Row::new(listed, kept.as_ref(), false, false).action
            };
            let (title, classes) = (network.title.clone(), network.config.num_classes as u64);
            Self { place, title, classes, action: coming.unwrap_or(action), is_coming }
        })
    }
}

/// What it is, and a button that gets it.
#[component]
pub(super) fn Larger(offer: Offer) -> impl IntoView {
    let client = expect_context::<Client>();
    let Offer { place, title, classes, action, is_coming } = offer;
    view! {
        <p id="larger" class="meta">
            {format!("Recognise {} things: ", number::grouped(classes))}
            <b>{title}</b>
            " "
            <button type="button" class="plain" disabled=is_coming on:click=move |_| client.use_listed(place)>{action}</button>
        </p>
    }
}
