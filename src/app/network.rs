//! The network: which one, its drawing, the block pointed at, and the same as a table.

use leptos::prelude::*;
use wasm_bindgen::JsCast;
use web_sys::{Event, HtmlSelectElement};

use super::choice::{Stop, choice};
use super::page::Page;
use super::{block, drawing, table};
use crate::view::{catalogue, number};

pub fn section(page: Page) -> AnyView {
    view! {
        <section id="network" aria-labelledby="network-title">
            <h2 id="network-title">
                "Network " <span class="stated">{move || totals(page)}</span>
            </h2>
            <div class="controls">{which(page)} {depth(page)} {legend(page)}</div>
            {drawing::drawing(page)}
            <p class="explain">
                "The picture goes in at the left. Three bars are a block, each as tall as it has channels; \
                 what a block finds is added to what it was given (the arc)."
            </p>
            {block::block(page)}
            {table::table(page)}
        </section>
    }
    .into_any()
}

fn totals(page: Page) -> AnyView {
    let graph = page.graph.get();
    view! {
        <b id="title">{graph.config.title()}</b>
        {format!(" · {} parameters · {} multiply-adds", number::count(graph.parameters()), number::count(graph.macs()))}
    }
    .into_any()
}

fn which(page: Page) -> AnyView {
    let options = move || {
        page.networks.get().into_iter().enumerate().map(|(index, network)| {
        let chosen = move || page.network.get() == index;
        view! { <option value=index.to_string() data-id=network.id prop:selected=chosen>{network.title}</option> }
    }).collect_view()
    };
    let change = move |event: Event| {
        let select = event.target().and_then(|target| target.dyn_into::<HtmlSelectElement>().ok());
        if let Some(index) = select.and_then(|select| usize::try_from(select.selected_index()).ok()) {
            page.choose_network(index);
        }
    };
    view! {
        <label class="select">
            <span>"Network for"</span>
            <select id="model" on:change=change>{options}</select>
        </label>
    }
    .into_any()
}

fn depth(page: Page) -> AnyView {
    let stops = Signal::derive(move || {
        let own = page.networks.with(|networks| networks[page.network.get()].config.clone());
        let stop = |depth: usize| Stop::plain(depth, depth.to_string(), format!("{depth} layers deep"));
        catalogue::depths(&own).into_iter().map(stop).collect::<Vec<_>>()
    });
    choice(
        "depth",
        "Depth",
        "segments",
        stops,
        page.depth.into(),
        Callback::new(move |depth| {
            page.depth.set(depth);
            page.selected.set(Some(1));
        }),
    )
}

fn legend(page: Page) -> AnyView {
    let foldable = move || page.graph.with(|graph| crate::view::drawing::Drawing::new(graph, true, 900.0).foldable);
    view! {
        <button
            type="button"
            id="fold"
            class="plain"
            hidden=move || !foldable()
            aria-pressed=move || (!page.folded.get()).to_string()
            on:click=move |_| {
                page.folded.update(|folded| *folded = !*folded);
                page.selected.set(Some(1));
            }
        >
            {move || if page.folded.get() { "Unfold all" } else { "Fold" }}
        </button>
        <p class="legend" aria-hidden="true">
            <i class="pw"></i> "1×1" <i class="gr"></i> "3×3, in groups" <i class="arc"></i> "shortcut" <i class="heat"></i> "time"
        </p>
    }
    .into_any()
}
