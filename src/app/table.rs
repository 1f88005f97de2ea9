//! The whole network as a table, unfolded on demand.

use leptos::prelude::*;
use wasm_bindgen::JsCast;
use web_sys::HtmlDetailsElement;

use super::page::Page;
use crate::model::Graph;
use crate::view::number;
use crate::view::part::Part;

pub fn table(page: Page) -> AnyView {
    let open = RwSignal::new(false);
    let toggled = move |event: web_sys::Event| {
        let details = event.target().and_then(|target| target.dyn_into::<HtmlDetailsElement>().ok());
        open.set(details.is_some_and(|details| details.open()));
    };
    view! {
        <details id="table" on:toggle=toggled>
            <summary>"All of it as a table"</summary>
            <div class="scroll" tabindex="0" role="region" aria-label="The network as a table">
                {move || open.get().then(|| contents(page))}
            </div>
        </details>
    }
    .into_any()
}

fn contents(page: Page) -> AnyView {
    let (graph, parts, steps) = (page.graph.get(), page.parts.get(), page.steps_now());
    let rows = parts.iter().map(|part| row(&graph, part, steps.as_deref().unwrap_or(&[]))).collect::<Vec<_>>();
    view! {
        <table>
            <thead>
                <tr>
                    <th scope="col">"part"</th>
                    <th scope="col">"channels, groups×channels a group"</th>
                    <th scope="col">"output"</th>
                    <th scope="col">"parameters"</th>
                    <th scope="col">"multiply-adds"</th>
                    <th scope="col">"time"</th>
                </tr>
            </thead>
            <tbody>{rows}</tbody>
        </table>
    }
    .into_any()
}

fn row(graph: &Graph, part: &Part, steps: &[(Vec<String>, f64)]) -> AnyView {
    let output = part.rows.last().and_then(|row| row.layers.last()).and_then(|layer| graph.tensor_named(layer));
    let output = output.map(|tensor| {
        let shape = graph.tensors[tensor].shape;
        format!("{}×{}×{}", shape.c, shape.h, shape.w)
    });
    let time = Part::total(&part.times(steps)).map_or("–".into(), number::milliseconds);
    view! {
        <tr data-part=part.name.clone()>
            <th scope="row">{part.name.clone()}</th>
            <td>{part.channels.clone()}</td>
            <td>{output}</td>
            <td>{number::count(part.parameters())}</td>
            <td>{number::count(part.macs())}</td>
            <td>{time}</td>
        </tr>
    }
    .into_any()
}
