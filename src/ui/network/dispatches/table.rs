//! A row per dispatch, in the order that the visitor chooses by a column's head.

use leptos::prelude::*;

use crate::protocol::StepProfile;
use crate::ui::state::{Choice, Results};
use crate::view::dispatches::{Best, SortBy, name, rate, share_of_best, sorted};
use crate::view::number;

/// The columns' heads, and what each sorts by.
const COLUMNS: [(&str, Option<SortBy>); 6] = [
    ("#", Some(SortBy::Order)),
    ("dispatch", None),
    ("time", Some(SortBy::Time)),
    ("multiply-adds/s", Some(SortBy::Rate)),
    ("of best", None),
    ("bytes moved", Some(SortBy::Bytes)),
];

#[component]
pub(crate) fn DispatchTable() -> impl IntoView {
    let choice = expect_context::<Choice>();
    let results = expect_context::<Results>();
    let by = RwSignal::new(SortBy::default());
    let grouped = Memo::new(move |_| {
        choice.parts.with(|parts| {
            let rows = parts.iter().flat_map(|part| &part.rows).filter(|row| row.grouped);
            rows.filter_map(|row| row.layers.first().cloned()).collect::<Vec<_>>()
        })
    });
    let rows = move || {
        let backend = choice.runs_on();
        let best = results.best.with(|all| all.iter().find(|best| best.backend == backend).cloned());
        let steps = results.steps_now.get().unwrap_or_default();
        let row = |index: usize| {
            let step = &steps[index];
            let has_groups = grouped.with(|grouped| step.layers.first().is_some_and(|layer| grouped.contains(layer)));
            row(index + 1, step, best.as_ref(), has_groups)
        };
        sorted(&steps, by.get()).into_iter().map(row).collect_view()
    };
    view! {
        <div class="scroll" tabindex="0" role="region" aria-label="Every dispatch with its time">
            <table>
                <thead>
                    <tr>{COLUMNS.map(|(words, sorts)| head(words, sorts, by)).collect_view()}</tr>
                </thead>
                <tbody>{rows}</tbody>
            </table>
        </div>
    }
}

/// Numbers fall and the order rises: what is sought comes first.
fn head(words: &'static str, sorts: Option<SortBy>, by: RwSignal<SortBy>) -> AnyView {
    let Some(own) = sorts else { return view! { <th scope="col">{words}</th> }.into_any() };
    let direction = if own == SortBy::Order { "ascending" } else { "descending" };
    let sort = move || if by.get() == own { direction } else { "none" };
    let label = if own == SortBy::Order { "order of the run" } else { words };
    view! {
        <th scope="col" aria-sort=sort>
            <button type="button" aria-label=format!("Sort by {label}") on:click=move |_| by.set(own)>{words}</button>
        </th>
    }
    .into_any()
}

fn row(order: usize, step: &StepProfile, best: Option<&Best>, grouped: bool) -> impl IntoView + use<> {
    let (first, others) = name(step);
    let (layer, rate) = (first.clone(), rate(step));
    let share = share_of_best(step, best).map(number::percent);
    view! {
        <tr class:grouped=grouped data-layer=layer data-ms=step.ms.to_string() title=step.kernel.clone()>
            <td>{order}</td>
            <th scope="row">{first} " " <span class="quiet">{others}</span></th>
            <td>{number::milliseconds(step.ms)}</td>
            <td>{rate.map_or("–".into(), |rate| number::count(rate as u64))}</td>
            <td>{share.unwrap_or("–".into())}</td>
            <td>{number::bytes(step.bytes as u64)}</td>
        </tr>
    }
}
