//! A row per stop of the dial: what it costs, and how long it took.

use leptos::prelude::*;

use crate::ui::widgets::TableHead;
use crate::view::lab::Row;
use crate::view::number;
use crate::view::words;

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

#[component]
pub(super) fn StopTable(rows: Memo<Vec<Row>>) -> impl IntoView {
    let caption = move || {
        rows.with(|rows| {
            rows.first().map(|Row { setting, .. }| {
                let (depth, device) = (setting.config.depth(), words::backend(setting.backend));
                format!("ResNeXt-{depth}, {device}, {} plan, {} weights", setting.plan, setting.weight_dtype)
            })
        })
    };
    view! {
        <div class="scroll" tabindex="0" role="region" aria-label="Every stop of the dial, measured">
            <table id="stops">
                <caption>{caption}</caption>
                <TableHead columns=COLUMNS />
                <tbody>{move || rows.with(|rows| rows.iter().map(row).collect_view())}</tbody>
            </table>
        </div>
    }
}

fn row(row: &Row) -> impl IntoView + use<> {
    let known = |text: Option<String>| text.unwrap_or(NONE.into());
    let span =
        row.wall.map(|[low, _, high]| format!("{} to {}", number::bare_milliseconds(low), number::milliseconds(high)));
    // In place of the times, which it has not.
    let median = row.refused.clone().or(row.wall.map(|[_, median, _]| number::milliseconds(median)));
    let ms = row.wall.map(|[_, median, _]| median.to_string());
    view! {
        <tr data-ms=ms>
            <th scope="row">{row.setting.config.template()}</th>
            <td>{number::count(row.parameters)}</td>
            <td>{number::count(row.macs)}</td>
            <td class:refused=row.refused.is_some()>{known(median)}</td>
            <td>{known(span)}</td>
            <td>{known(row.rate().map(|rate| number::count(rate as u64)))}</td>
            <td>{known(row.paper_error.map(|error| format!("{error:.1} %")))}</td>
            <td>{known(row.accuracy.map(number::accuracy))}</td>
            <td>{row.redone}</td>
        </tr>
    }
}
