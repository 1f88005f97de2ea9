//! The list of networks: what each is, what it costs to fetch, and ways to bring one's own.

use leptos::ev::SubmitEvent;
use leptos::prelude::*;
use leptos::task::spawn_local;
use wasm_bindgen::JsCast;
use web_sys::{HtmlDialogElement, HtmlInputElement};

use super::arrival::{self, Origin};
use super::page::Page;
use super::setting::{Network, Wish};
use super::{engine, files, sources};
use crate::store::{self, KeptFile};
use crate::view::catalogue::Place;
use crate::view::{hub, number};

const DIALOG: &str = "models";

fn dialog() -> Option<HtmlDialogElement> {
    document().get_element_by_id(DIALOG)?.dyn_into().ok()
}

pub fn open(page: Page) {
    sources::refresh_kept(page);
    if let Some(dialog) = dialog() {
        // Fails only where it is open already.
        let _ = dialog.show_modal();
    }
}

fn close() {
    if let Some(dialog) = dialog() {
        dialog.close();
    }
}

/// Turns to what an address wishes; a large network that is not here is offered, not fetched.
pub fn take_up(page: Page, wish: Wish) {
    let index = wish.network;
    if is_here(page, index) {
        page.choose_network(index);
        page.grant(wish);
        return;
    }
    page.engine.with_value(|engine| engine.wish.set(Some(wish)));
    spawn_local(async move {
        page.kept.set(store::kept().await);
        let network = page.networks.with_untracked(|networks| networks[index].clone());
        if kept_of(page, &network).is_some_and(|kept| kept.complete) {
            arrival::begin(page, Origin::Offer(index));
        } else {
            page.notify(
                false,
                format!("The address names {}, which is not here yet: the list of networks fetches it.", network.title),
            );
        }
    });
}

/// Whether a network can be turned to at once.
fn is_here(page: Page, index: usize) -> bool {
    let place = page.networks.with(|networks| networks[index].trained.first().map(|weights| weights.place.clone()));
    matches!(place, None | Some(Place::Bundled(_))) || engine::model(page, (index, 0)).is_some()
}

/// What the browser's cache has of a hosted network.
fn kept_of(page: Page, network: &Network) -> Option<KeptFile> {
    let weights = network.trained.first()?;
    let hub = page.hub.get();
    let of = |kept: &&KeptFile| match &weights.place {
        Place::Hub(repository) => hub::is_of(&kept.url, &hub, repository, weights.file()),
        Place::Url(url) => kept.url == *url,
        Place::Bundled(_) | Place::File(_) => false,
    };
    page.kept.with(|all| all.iter().find(of).cloned())
}

pub fn menu(page: Page) -> AnyView {
    let networks = move || {
        let count = page.networks.with(Vec::len);
        (0..count).map(|index| row(page, index)).collect_view()
    };
    view! {
        <dialog id=DIALOG aria-labelledby="models-title">
            <div class="head">
                <h2 id="models-title">"Networks"</h2>
                <button type="button" class="close" aria-label="Close" on:click=move |_| close()>"×"</button>
            </div>
            <ul>{networks}</ul>
            {own(page)}
            <p class="explain">
                "A file is fetched once, checked, and kept in this browser if you have the room. Pictures never leave this machine."
            </p>
        </dialog>
    }
    .into_any()
}

fn row(page: Page, index: usize) -> AnyView {
    let network = page.networks.with(|networks| networks[index].clone());
    let kept = kept_of(page, &network);
    let chosen = page.network.get() == index;
    let here = is_here(page, index);
    let graph =
        crate::model::Graph::build(&network.config, 1, (network.side, network.side), crate::model::BlockForm::C);
    let parameters = graph.map_or(0, |graph| graph.parameters());
    let weights = network.trained.first();
    let top1 = weights.and_then(|weights| weights.top1).map(|share| format!("{} right", number::accuracy(share)));
    let size = weights.map_or("nothing to fetch".into(), |weights| {
        let bytes = number::bytes(weights.bytes);
        match (&weights.place, &kept) {
            (Place::Bundled(_), _) => format!("{bytes}, comes with the page"),
            (Place::File(_), _) => format!("{bytes}, from your disk"),
            (_, Some(kept)) if kept.complete => format!("kept, {}", number::bytes(kept.bytes)),
            (_, Some(kept)) => format!("{} of {bytes} kept", number::bytes(kept.bytes)),
            (_, None) if here => format!("{bytes}, in memory"),
            (_, None) => format!("{bytes} to fetch"),
        }
    });
    let licence = weights.map(|weights| weights.licence.clone());
    let complete = kept.as_ref().is_some_and(|kept| kept.complete);
    let action = match (chosen, here || complete, &kept) {
        (true, true, _) => "In use".to_owned(),
        (_, true, _) => "Use".into(),
        (_, _, Some(_)) => "Fetch the rest".into(),
        _ => format!("Fetch {}", number::bytes(weights.map_or(0, |weights| weights.bytes))),
    };
    let choose = move |_| {
        close();
        if here { page.choose_network(index) } else { arrival::begin(page, Origin::Offer(index)) }
    };
    let url = kept.as_ref().map(|kept| kept.url.clone());
    let facts = [Some(format!("{} parameters", number::count(parameters))), Some(size), top1, licence];
    let facts: Vec<String> = facts.into_iter().flatten().collect();
    view! {
        <li data-id=network.id data-kept=kept.map(|kept| if kept.complete { "whole" } else { "part" }) class:on=chosen>
            <div>
                <h3>{network.title}</h3>
                <p>"Knows " {network.knows}</p>
                <p class="meta">{facts.join(" · ")}</p>
            </div>
            <div class="actions">
                <button type="button" class="use" disabled=chosen && here on:click=choose>{action}</button>
                {url.map(|url| remove(page, index, url))}
            </div>
        </li>
    }
    .into_any()
}

fn remove(page: Page, index: usize, url: String) -> AnyView {
    let remove = move |_| {
        let url = url.clone();
        spawn_local(async move {
            store::remove(&url).await;
            if let Some(beside) = hub::beside(&url, sources::CONFIG) {
                store::remove(&beside).await;
            }
            // A network in use stays on the GPU; to load it again it must be fetched again.
            engine::forget(page, (index, 0));
            sources::refresh_kept(page);
        });
    };
    view! { <button type="button" class="plain remove" on:click=remove>"Remove"</button> }.into_any()
}

/// A file from disk, or from an address.
fn own(page: Page) -> AnyView {
    let choose = move |event: web_sys::Event| {
        let input = event.target().and_then(|target| target.dyn_into::<HtmlInputElement>().ok());
        if let Some(input) = input {
            close();
            files::take_list(page, input.files());
            // The same file chosen again is a change again.
            input.set_value("");
        }
    };
    let address = NodeRef::<leptos::html::Input>::new();
    let submit = move |event: SubmitEvent| {
        event.prevent_default();
        let url = address.get_untracked().map(|input| input.value()).unwrap_or_default();
        if !url.is_empty() {
            close();
            arrival::begin(page, Origin::Url(url));
        }
    };
    view! {
        <div class="own">
            <div>
                <h3>"Your own"</h3>
                <p class="meta">"Any ResNeXt as .safetensors with PyTorch's names. Dropping the file on the page does the same."</p>
            </div>
            <label class="use file">
                "Open a file"
                <input type="file" id="choose-weights" accept=".safetensors" on:change=choose />
            </label>
            <form on:submit=submit>
                <label for="weights-url">"or from an address"</label>
                <input type="url" id="weights-url" placeholder="https://…/model.safetensors" required node_ref=address />
                <button type="submit" class="use">"Fetch"</button>
            </form>
        </div>
    }
    .into_any()
}
