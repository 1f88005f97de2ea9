//! The table of the part of the network that is pointed at or selected.

use leptos::prelude::*;

use crate::protocol::StepProfile;
use crate::ui::state::{Choice, Results, Selection};
use crate::ui::widgets::{TableHead, Term};
use crate::view::network_part::{NetworkPart, Row, RowTime};
use crate::view::number;

const COLUMNS: [&str; 6] = ["layer", "operation", "channels · size", "parameters", "multiply-adds", "time"];

#[component]
pub(crate) fn PartTable() -> impl IntoView {
    let choice = expect_context::<Choice>();
    let results = expect_context::<Results>();
    let selection = expect_context::<Selection>();
    let part = Memo::new(move |_| {
        let shown = selection.shown.get()?;
        choice.parts.with(|parts| parts.get(shown).cloned())
    });
    let name = move || part.with(|part| part.as_ref().map(|part| part.name.clone()).unwrap_or_default());
    let detail = move || {
        part.with(|part| match part {
            Some(part) => results.steps_now.with(|steps| detail(part, steps.as_deref())),
            None => {
                view! { <p class="meta">"Point at a block, or reach it with Tab, to see what it does."</p> }.into_any()
            }
        })
    };
    view! { <div id="block" class="reserved" data-part=name>{detail}</div> }
}

fn detail(part: &NetworkPart, steps: Option<&[StepProfile]>) -> AnyView {
    let steps = steps.unwrap_or_default();
    let times = part.times(steps);
    let all: f64 = steps.iter().map(|step| step.ms).sum();
    let total = NetworkPart::total(&times).map(|own| {
        let (own, all) = (number::milliseconds(own), number::milliseconds(all));
        view! { <span class="quiet num" id="block-time">{own} " of " {all}</span> }
    });
    let explained = Signal::stored(part.channels_explained().to_owned());
    view! {
        <table>
            <caption>
                <b>{part.name.clone()}</b>
                <span class="num" id="block-channels">
                    <Term id="channels-tip" text=Signal::stored(part.channels.clone()) explained />
                </span>
                <span class="quiet">{part.words.clone()}</span>
                {total}
            </caption>
            <TableHead columns=COLUMNS />
            <tbody>{part.rows.iter().zip(&times).map(|(of, time)| row(of, time)).collect_view()}</tbody>
        </table>
    }
    .into_any()
}

fn row(row: &Row, time: &RowTime) -> impl IntoView + use<> {
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
}
