//! The network: which one, its drawing, the block pointed at, and the same as a table.

use leptos::prelude::*;

use super::backend::Backend;
use super::choice::{Stop, choice};
use super::page::Page;
use super::{block, drawing, menu, provenance, table};
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
            {provenance::provenance(page)}
        </section>
    }
    .into_any()
}

fn totals(page: Page) -> AnyView {
    let graph = page.graph.get();
    let setting = page.setting.get();
    let bytes = page.memory.with(|memory| memory.as_ref().filter(|(of, _)| *of == setting).map(|(_, bytes)| *bytes));
    let place = if setting.backend == Backend::Cpu { "of memory" } else { "on the GPU" };
    view! {
        <b id="title">{graph.config.title()}</b>
        {format!(" · {} parameters · {} multiply-adds", number::count(graph.parameters()), number::count(graph.macs()))}
        <span id="memory" data-bytes=bytes>{bytes.map(|bytes| format!(" · {} {place}", number::bytes(bytes)))}</span>
    }
    .into_any()
}

fn which(page: Page) -> AnyView {
    let title = move || page.networks.with(|networks| networks[page.network.get()].title.clone());
    view! {
        <div class="which">
            <span id="model-label">"Network"</span>
            <button
                type="button"
                id="model"
                class="pick"
                aria-haspopup="dialog"
                aria-labelledby="model-label model"
                on:click=move |_| menu::open(page)
            >
                {title}
            </button>
        </div>
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
