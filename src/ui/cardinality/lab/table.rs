//! A row per stop of the dial: what it costs, and how long it took.

use leptos::prelude::*;

use crate::ui::widgets::TableHead;
use crate::view::lab::{LabResult, Stop};
use crate::view::number;

const COLUMNS: [&str; 9] = [
    "stop",
    "parameters",
    "multiply-adds",
    "median",
    "10th to 90th percentile",
    "multiply-adds/s",
    "error on ImageNet, paper",
    "accuracy on CIFAR-10, same training",
    "runs redone",
];
/// What is not known.
const NONE: &str = "–";

/// The table of a result: the first that is shown, or the one that lies over it.
pub(super) fn stop_table(result: &LabResult, place: usize) -> AnyView {
    let (id, mark) = [("stops", "●"), ("stops-over", "□")][place];
    view! {
        <div class="scroll" tabindex="0" role="region" aria-label=format!("Every stop of {}", result.label())>
            <table class="stops" id=id>
                <caption>{format!("{mark} {}", result.label())}</caption>
                <TableHead columns=COLUMNS />
                <tbody>{result.stops.iter().map(row).collect_view()}</tbody>
            </table>
        </div>
    }
    .into_any()
}

fn row(stop: &Stop) -> impl IntoView + use<> {
    let known = |text: Option<String>| text.unwrap_or(NONE.into());
    let span = stop
        .wall()
        .map(|[low, _, high]| format!("{} to {}", number::bare_milliseconds(low), number::milliseconds(high)));
    // In place of the times, which it has not.
    let median = stop.refused.clone().or(stop.median_ms.map(number::milliseconds));
    view! {
        <tr data-ms=stop.median_ms.map(|ms| ms.to_string())>
            <th scope="row">{stop.template.clone()}</th>
            <td>{number::count(stop.parameters)}</td>
            <td>{number::count(stop.multiply_adds)}</td>
            <td class:refused=stop.refused.is_some()>{known(median)}</td>
            <td>{known(span)}</td>
            <td>{known(stop.rate().map(|rate| number::count(rate as u64)))}</td>
            <td>{known(stop.paper_error.map(|error| format!("{error:.1} %")))}</td>
            <td>{known(stop.accuracy.map(number::accuracy))}</td>
            <td>{stop.redone}</td>
        </tr>
    }
}
