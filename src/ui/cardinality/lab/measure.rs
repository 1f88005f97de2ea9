//! The measurement of every stop of the dial: its buttons and its progress.

use leptos::prelude::*;

use super::results::Results;
use crate::protocol::{LabStop, Laboratory as Measurement};
use crate::ui::client::Client;
use crate::ui::state::{Choice, Laboratory};
use crate::view::lab::{can_go_on, progress};

#[component]
pub(super) fn Measure() -> impl IntoView {
    let choice = expect_context::<Choice>();
    let client = expect_context::<Client>();
    let laboratory = expect_context::<Laboratory>();
    let now = Memo::new(move |_| laboratory.of_dial(choice));
    let is_running = Memo::new(move |_| now.with(|now| now.is_running));
    let goes_on = Memo::new(move |_| now.with(can_go_on));
    let press = move |_| {
        if is_running.get_untracked() {
            return client.stop_measuring();
        }
        let mut anew = Measurement { begun: now_as_text(), agreement: None, ..now.get_untracked() };
        anew.stops.iter_mut().for_each(LabStop::clear);
        begin(laboratory, client, anew);
    };
    let label = move || match (is_running.get(), choice.runs.get()) {
        (true, _) => "Stop".into(),
        (false, runs) => format!("Measure every stop, {runs} runs each"),
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
                on:click=move |_| begin(laboratory, client, now.get_untracked())
            >
                "Continue"
            </button>
            <progress max=total value=done aria-label="runs that count"></progress>
        </div>
        <p class="meta" id="measure-told">{move || now.with(progress)}</p>
        <Results now />
    }
}

/// What is measured is shown from now on.
fn begin(laboratory: Laboratory, client: Client, measurement: Measurement) {
    laboratory.pick.set(String::new());
    client.measure(measurement);
}

/// The time in UTC, as ISO 8601 has it.
fn now_as_text() -> String {
    js_sys::Date::new_0().to_iso_string().into()
}
