//! The measurement of every stop of the dial: its buttons, its progress, its table, and the file of that.

use leptos::prelude::*;

use super::table::StopTable;
use crate::protocol::{Laboratory as Measurement, Setting};
use crate::ui::client::{Client, save_text};
use crate::ui::state::{Choice, Device, Laboratory};
use crate::view::lab::{can_go_on, csv, progress, rows, shown};

#[component]
pub(super) fn Measure() -> impl IntoView {
    let choice = expect_context::<Choice>();
    let client = expect_context::<Client>();
    let device = expect_context::<Device>();
    let laboratory = expect_context::<Laboratory>();
    let settings = Memo::new(move |_| {
        let setting = choice.setting.get();
        let of = |config: &_| Setting { config: Clone::clone(config), ..setting.clone() };
        choice.sent.with(|sent| sent.stops.iter().map(of).collect::<Vec<_>>())
    });
    let now =
        Memo::new(move |_| laboratory.measured.with(|known| shown(known.as_ref(), settings.get(), choice.runs.get())));
    let side = move |place| choice.at(place, |listed| listed.network().side).unwrap_or_default();
    let table = Memo::new(move |_| now.with(|now| rows(now, side)));
    let is_running = Memo::new(move |_| now.with(|now| now.is_running));
    let goes_on = Memo::new(move |_| now.with(can_go_on));
    let press = move |_| {
        if is_running.get_untracked() {
            client.stop_measuring();
        } else {
            client.measure(Measurement::new(settings.get_untracked(), choice.runs.get_untracked()));
        }
    };
    let label = move || match (is_running.get(), choice.runs.get()) {
        (true, _) => "Stop".into(),
        (false, runs) => format!("Measure every stop, {runs} runs each"),
    };
    let save = move |_| {
        let rows = table.get_untracked();
        let Some(Setting { backend, plan, .. }) = rows.first().map(|row| &row.setting) else { return };
        let file = format!("cardinality_{plan}_{}.csv", backend.name());
        save_text(&file, &csv(&rows, &device.name(*backend)), "text/csv");
    };
    let done = move || now.with(|now| now.progress().0.to_string());
    let total = move || now.with(|now| now.progress().1.max(1).to_string());
    view! {
        <div class="controls" id="measure-stops" data-done=done data-running=move || is_running.get().to_string()>
            <button type="button" class="plain" data-do="measure" on:click=press>{label}</button>
            <button
                type="button"
                class="plain"
                data-do="go-on"
                disabled=move || !goes_on.get()
                on:click=move |_| client.measure(now.get_untracked())
            >
                "Continue"
            </button>
            <progress max=total value=done aria-label="runs that count"></progress>
            <button type="button" class="plain" data-do="save" on:click=save>"Save CSV"</button>
        </div>
        <p class="meta" id="measure-told">{move || now.with(progress)}</p>
        <StopTable rows=table />
    }
}
