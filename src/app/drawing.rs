//! The drawing of the network in SVG.

use leptos::html;
use leptos::prelude::*;
use wasm_bindgen::JsCast;
use wasm_bindgen::closure::Closure;
use web_sys::ResizeObserver;

use super::page::Page;
use crate::decimal::fixed;
use crate::view::drawing::{Bar, BlockShape, Drawing, Text};
use crate::view::number;
use crate::view::part::Part;

pub fn drawing(page: Page) -> AnyView {
    let frame = NodeRef::<html::Div>::new();
    let width = RwSignal::new(900.0);
    let measure = move || {
        if let Some(frame) = frame.get_untracked() {
            // Less the padding on both sides, which gives the focus ring room.
            width.set((f64::from(frame.client_width()) - 8.0).max(300.0));
        }
    };
    frame.on_load(move |frame| watch_size(&frame, measure));
    let shape = Memo::new(move |_| page.graph.with(|graph| Drawing::new(graph, page.folded.get(), width.get())));
    let label = move || {
        page.graph.with(|graph| {
            format!(
                "{}: the stem, {} blocks, the classifier. Arrow keys move between them.",
                graph.config.title(),
                graph.blocks.len()
            )
        })
    };
    view! {
        <div class="scroll" node_ref=frame>
            <svg
                id="drawing"
                role="group"
                aria-label=label
                width=move || px(shape.with(|shape| shape.width))
                height=move || px(shape.with(|shape| shape.height))
                viewBox=move || shape.with(|shape| format!("0 0 {} {}", fixed(shape.width, 0), fixed(shape.height, 0)))
                on:keydown=step
                on:mouseleave=move |_| page.hovered.set(None)
            >
                {move || shape.with(|shape| contents(page, shape))}
            </svg>
        </div>
    }
    .into_any()
}

/// Calls back now and whenever the element's size changes, for as long as the page lives.
fn watch_size(element: &web_sys::Element, changed: impl Fn() + 'static) {
    let changed = Closure::<dyn Fn()>::new(changed);
    if let Ok(observer) = ResizeObserver::new(changed.as_ref().unchecked_ref()) {
        observer.observe(element);
    }
    changed.forget();
}

fn px(value: f64) -> String {
    fixed(value, 1)
}

/// Left and right go to the neighbouring part.
fn step(event: web_sys::KeyboardEvent) {
    let forward = match event.key().as_str() {
        "ArrowRight" => true,
        "ArrowLeft" => false,
        _ => return,
    };
    let here = event.target().and_then(|target| target.dyn_into::<web_sys::Element>().ok());
    let next = here.and_then(|here| {
        let mut next = if forward { here.next_element_sibling() } else { here.previous_element_sibling() };
        while let Some(element) = next {
            if element.class_list().contains("part") {
                return Some(element);
            }
            next = if forward { element.next_element_sibling() } else { element.previous_element_sibling() };
        }
        None
    });
    if let Some(next) = next {
        event.prevent_default();
        // SVG elements take focus as HTML elements do, by the same method.
        let _ = next.unchecked_into::<web_sys::HtmlElement>().focus();
    }
}

fn contents(page: Page, shape: &Drawing) -> AnyView {
    let parts = page.parts.get_untracked();
    let last = parts.len() - 1;
    let end = |bar: &Bar, class: &'static str| rect(bar, class);
    let stem = view! { {end(&shape.input, "in")} {end(&shape.stem, "pw")} }.into_any();
    let blocks = shape
        .blocks
        .iter()
        .map(|block| part(page, &parts, block.block + 1, block.repeats, &block.area, block_shape(page, block)));
    view! {
        {part(page, &parts, 0, 1, &shape.stem_area, stem)}
        {blocks.collect::<Vec<_>>()}
        {part(page, &parts, last, 1, &shape.head_area, end(&shape.head, "in"))}
        <g class="texts" aria-hidden="true">{shape.texts.iter().map(text).collect::<Vec<_>>()}</g>
    }
    .into_any()
}

fn rect(bar: &Bar, class: &'static str) -> AnyView {
    view! { <rect class=class x=px(bar.x) y=px(bar.y) width=px(bar.width) height=px(bar.height) rx="1.5" /> }.into_any()
}

fn text(text: &Text) -> AnyView {
    let class = if text.quiet { "quiet" } else { "" };
    view! { <text class=class x=px(text.x) y=px(text.y)>{text.text.clone()}</text> }.into_any()
}

/// A part to point at: the pointer shows it, a click or the focus keeps it.
fn part(page: Page, parts: &[Part], index: usize, repeats: usize, area: &Bar, inside: AnyView) -> AnyView {
    let part = &parts[index];
    let name = match repeats {
        1 => part.name.clone(),
        _ => format!("{} and {} equal ones", part.name, repeats - 1),
    };
    let label = format!("{name}: {}. {} multiply-adds", part.channels, number::count(part.macs()));
    view! {
        <g
            class="part"
            class:sel=move || page.shown_part() == Some(index)
            tabindex="0"
            role="button"
            aria-label=label
            aria-pressed=move || (page.selected.get() == Some(index)).to_string()
            data-part=part.name.clone()
            data-channels=part.channels.clone()
            on:mouseenter=move |_| page.hovered.set(Some(index))
            on:focus=move |_| page.selected.set(Some(index))
            on:click=move |_| page.selected.set(Some(index))
        >
            {rect(area, "hit")}
            {inside}
        </g>
    }
    .into_any()
}

fn block_shape(page: Page, block: &BlockShape) -> AnyView {
    let [first, grouped, last] = &block.bars;
    // The equal blocks behind a folded one.
    let behind = (block.repeats > 1).then(|| {
        let shadow = |bar: &Bar| rect(&Bar { x: bar.x + 3.0, y: bar.y - 4.0, ..*bar }, "behind");
        let times =
            Text { x: grouped.x + grouped.width / 2.0, y: 34.0, text: format!("×{}", block.repeats), quiet: false };
        view! { {block.bars.iter().map(shadow).collect::<Vec<_>>()} {text(&times)} }.into_any()
    });
    let index = block.block + 1;
    let count = block.repeats;
    view! {
        {behind}
        {rect(first, "pw")}
        {rect(grouped, "gr")}
        <path class="cut" d=block.cuts.clone() stroke-width=fixed(block.cut_width, 2) />
        {rect(last, "pw")}
        <path class="arc" d=block.arc.clone() />
        <circle class="add" cx=px(block.add.0) cy=px(block.add.1) r="2" />
        <rect
            class="heat"
            x=px(block.heat.x)
            y=px(block.heat.y)
            width=px(block.heat.width)
            height=px(block.heat.height)
            rx="2"
            style:opacity=move || fixed(heat(page, index, count), 2)
        />
    }
    .into_any()
}

/// How warm a block is: its time beside that of the slowest block, or nothing where nothing was measured.
fn heat(page: Page, index: usize, count: usize) -> f64 {
    let Some(steps) = page.steps_now() else { return 0.0 };
    let parts = page.parts.get();
    let time = |part: &Part| Part::total(&part.times(&steps)).unwrap_or(0.0);
    let times: Vec<f64> = parts.iter().map(time).collect();
    let blocks = &times[1..times.len() - 1];
    let slowest = blocks.iter().copied().fold(f64::MIN_POSITIVE, f64::max);
    let own = times.get(index..index + count).map_or(0.0, |own| own.iter().sum::<f64>() / count as f64);
    0.12 + 0.88 * own / slowest
}
