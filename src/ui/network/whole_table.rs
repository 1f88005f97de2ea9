//! The whole network as a table, which is built when it is opened.

use leptos::prelude::*;

use crate::model::Graph;
use crate::protocol::StepProfile;
use crate::ui::state::{Choice, Results};
use crate::ui::widgets::{Disclosure, TableHead};
use crate::view::network_part::NetworkPart;
use crate::view::number;

const COLUMNS: [&str; 6] =
    ["part", "channels, groups×channels per group", "output", "parameters", "multiply-adds", "time"];

#[component]
pub(crate) fn WholeTable() -> impl IntoView {
    view! {
        <Disclosure id="table" summary="Show the whole network as a table">
            <div class="scroll" tabindex="0" role="region" aria-label="The network as a table">
                <Contents />
            </div>
        </Disclosure>
    }
}

#[component]
fn Contents() -> impl IntoView {
    let choice = expect_context::<Choice>();
    let results = expect_context::<Results>();
    let rows = move || {
        let (graph, parts) = (choice.graph.get(), choice.parts.get());
        results.steps_now.with(|steps| {
            let steps = steps.as_deref().unwrap_or_default();
            parts.iter().map(|part| row(&graph, part, steps)).collect_view()
        })
    };
    view! {
        <table>
            <TableHead columns=COLUMNS />
            <tbody>{rows}</tbody>
        </table>
    }
}

fn row(graph: &Graph, part: &NetworkPart, steps: &[StepProfile]) -> impl IntoView + use<> {
    let output = part.rows.last().and_then(|row| row.layers.last()).and_then(|layer| graph.tensor_named(layer));
    let output = output.map(|tensor| {
        let shape = graph.tensors[tensor].shape;
        format!("{}×{}×{}", shape.c, shape.h, shape.w)
    });
    let time = NetworkPart::total(&part.times(steps)).map_or("–".into(), number::milliseconds);
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
}
