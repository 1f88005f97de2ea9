//! The part of the network pointed at, as numbers.

use leptos::prelude::*;

use super::page::Page;
use crate::view::number;
use crate::view::part::{Part, Row, RowTime};

pub fn block(page: Page) -> AnyView {
    view! {
        <div id="block" class="reserved" data-part=move || name(page)>
            {move || match page.shown_part() {
                Some(index) => detail(page, index),
                None => view! { <p class="meta">"Point at a block, or reach it with Tab, to see what it does."</p> }.into_any(),
            }}
        </div>
    }
    .into_any()
}

fn name(page: Page) -> String {
    let parts = page.parts.get();
    page.shown_part().and_then(|index| parts.get(index)).map(|part| part.name.clone()).unwrap_or_default()
}

fn detail(page: Page, index: usize) -> AnyView {
    let parts = page.parts.get();
    let Some(part) = parts.get(index) else { return ().into_any() };
    let steps = page.steps_now();
    let times = part.times(steps.as_deref().unwrap_or(&[]));
    let all: f64 = steps.iter().flatten().map(|(_, ms)| ms).sum();
    let total = Part::total(&times).map(|own| {
        let (own, all) = (number::milliseconds(own), number::milliseconds(all));
        view! { <span class="quiet num" id="block-time">{own} " of " {all}</span> }
    });
    let rows = part.rows.iter().zip(&times).map(|(row, time)| view_row(row, time)).collect::<Vec<_>>();
    view! {
        <table>
            <caption>
                <b>{part.name.clone()}</b>
                <span class="num" id="block-channels">{part.channels.clone()}</span>
                <span class="quiet">{part.words.clone()}</span>
                {total}
            </caption>
            <thead>
                <tr>
                    <th scope="col">"layer"</th>
                    <th scope="col">"what it does"</th>
                    <th scope="col">"channels · size"</th>
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

fn view_row(row: &Row, time: &RowTime) -> AnyView {
    let time = match time {
        RowTime::Unknown => "–".into(),
        RowTime::Measured(ms) => number::milliseconds(*ms),
        RowTime::Within(other) => format!("in {other}"),
    };
    let count = |value: u64| if value == 0 { "–".into() } else { number::count(value) };
    view! {
        <tr class:grouped=row.grouped data-layer=row.layers.first().cloned()>
            <th scope="row">{row.name.clone()}</th>
            <td>{row.operation.clone()}</td>
            <td>{row.shape.clone()}</td>
            <td>{count(row.parameters)}</td>
            <td>{count(row.macs)}</td>
            <td>{time}</td>
        </tr>
    }
    .into_any()
}
