//! The drawing of the network in SVG, as wide as its container.

use leptos::html;
use leptos::prelude::*;
use wasm_bindgen::JsCast;
use web_sys::{Element, HtmlElement, KeyboardEvent};

use super::part_shape::{BlockBars, DrawnPart, bar, text};
use crate::ui::state::{Choice, Results, Selection};
use crate::ui::widgets::width_of;
use crate::view::drawing::Drawing;
use crate::view::heat::Heat;
use crate::view::number::px;

/// Width in CSS pixels until the container has been measured.
const USUAL_WIDTH: f64 = 900.0;
const LEAST_WIDTH: f64 = 300.0;
/// The container's padding on both sides, which leaves space for the focus ring.
const PADDING: f64 = 8.0;

#[component]
pub(crate) fn NetworkDrawing() -> impl IntoView {
    let choice = expect_context::<Choice>();
    let results = expect_context::<Results>();
    let selection = expect_context::<Selection>();
    let frame = NodeRef::<html::Div>::new();
    let width = width_of(frame, PADDING, USUAL_WIDTH);
    let drawing = Memo::new(move |_| {
        choice.graph.with(|graph| {
            let drawing = Drawing::new(graph, selection.folded.get(), width.get().max(LEAST_WIDTH));
            drawing.shared(graph, choice.cores_at_work.get())
        })
    });
    let heat = Memo::new(move |_| {
        let steps = results.steps_now.get();
        choice.parts.with(|parts| steps.map(|steps| Heat::new(parts, &steps)))
    });
    // The parts are drawn anew, and track what is made with them: see docs/ARCHITECTURE.md, The page.
    let drawn = StoredValue::new(None::<Trigger>);
    Effect::new(move |_| {
        selection.shown.track();
        selection.selected.track();
        heat.track();
        if let Some(drawn) = drawn.get_value() {
            drawn.notify();
        }
    });
    let parts = move || {
        let marks = Trigger::new();
        drawn.set_value(Some(marks));
        drawing.with(|drawing| contents(choice, heat, marks, drawing))
    };
    let label = move || {
        choice.graph.with(|graph| {
            let (title, blocks) = (graph.config.title(), graph.blocks.len());
            format!("{title}: the stem, {blocks} blocks, the classifier. Arrow keys move between them.")
        })
    };
    view! {
        <div class="scroll" node_ref=frame>
            <svg
                id="drawing"
                role="group"
                aria-label=label
                width=move || drawing.with(|drawing| px(drawing.width))
                height=move || drawing.with(|drawing| px(drawing.height))
                viewBox=move || drawing.with(|it| format!("0 0 {:.0} {:.0}", it.width, it.height))
                on:keydown=step
                on:mouseleave=move |_| selection.hovered.set(None)
            >
                {parts}
            </svg>
        </div>
    }
}

/// Left and right go to the neighbouring part.
fn step(event: KeyboardEvent) {
    let neighbour = match event.key().as_str() {
        "ArrowRight" => Element::next_element_sibling,
        "ArrowLeft" => Element::previous_element_sibling,
        _ => return,
    };
    let here = event.target().and_then(|target| target.dyn_into::<Element>().ok());
    let mut next = here.and_then(|here| neighbour(&here));
    while let Some(element) = next.take_if(|element| !element.class_list().contains("part")) {
        next = neighbour(&element);
    }
    if let Some(next) = next {
        event.prevent_default();
        // SVG elements take focus as HTML elements do, by the same method.
        let _ = next.unchecked_into::<HtmlElement>().focus();
    }
}

fn contents(choice: Choice, heat: Memo<Option<Heat>>, marks: Trigger, drawing: &Drawing) -> AnyView {
    // Drawing and parts come from one graph.
    let parts = choice.parts.get_untracked();
    let part = |index: usize| parts.get(index).cloned();
    let stem_bars = (bar(&drawing.input, "in"), bar(&drawing.stem, "pw"));
    let stem =
        part(0).map(|part| view! { <DrawnPart part index=0 marks area=drawing.stem_area>{stem_bars}</DrawnPart> });
    let blocks = drawing.blocks.iter().filter_map(|block| {
        // The stem stands before the blocks.
        let index = block.block + 1;
        let bars = block.clone();
        Some(view! {
            <DrawnPart part=part(index)? index marks repeats=block.repeats area=block.area>
                <BlockBars block=bars index heat marks />
            </DrawnPart>
        })
    });
    let last = parts.len().saturating_sub(1);
    let head_bar = bar(&drawing.head, "in");
    let head =
        part(last).map(|part| view! { <DrawnPart part index=last marks area=drawing.head_area>{head_bar}</DrawnPart> });
    view! {
        {stem}
        {blocks.collect_view()}
        {head}
        <g class="texts" aria-hidden="true">{drawing.texts.iter().map(text).collect_view()}</g>
    }
    .into_any()
}
