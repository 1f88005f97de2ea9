//! The results: which is shown, which lies over it, what can be done with them, and both as chart and table.

use leptos::html;
use leptos::prelude::*;
use leptos::task::spawn_local;

use super::bring::{Bring, Drawn};
use super::table::stop_table;
use crate::protocol::Laboratory as Measurement;
use crate::ui::client::{Client, save_drawing, save_text};
use crate::ui::state::{Choice, Device, Laboratory};
use crate::ui::widgets::width_of;
use crate::view::lab::{DIAL, LabResult, MOST, agreement, chart, csv, picture};
use crate::view::words;

/// A saved picture has so many pixels for each of its units.
const SHARP: f64 = 2.0;
/// Width of the chart in CSS pixels until its container has been measured.
const USUAL_WIDTH: f64 = 900.0;

/// `now` is the measurement of the dial as it stands.
#[component]
pub(super) fn Results(now: Memo<Measurement>) -> impl IntoView {
    let choice = expect_context::<Choice>();
    let client = expect_context::<Client>();
    let device = expect_context::<Device>();
    let laboratory = expect_context::<Laboratory>();
    client.load_results();
    let drawn: Drawn = Memo::new(move |_| now.with(|now| laboratory.drawn(choice, device, now)));
    let id = move |place: usize| {
        let id = drawn.with(|drawn| drawn.get(place).map(LabResult::id));
        id.filter(|id| laboratory.results.with(|list| list.iter().any(|kept| kept.id() == *id)))
    };
    // The dial's own measurement is kept too, under the same id, once it has ended.
    let kept_id = move || id(0).filter(|_| laboratory.pick.with(|pick| pick != DIAL));
    let shown_id = move || kept_id().unwrap_or(DIAL.into());
    let over_id = move || id(1).unwrap_or_default();
    let remove = move |_| {
        if let Some(id) = untrack(|| id(0)) {
            client.remove_result(&id);
        }
    };
    let chosen = move || choice.graph.with(|graph| graph.config.template());
    let save = move |ending: &'static str| {
        let drawn = drawn.get_untracked();
        let Some(shown) = drawn.first() else { return };
        let name = shown.file_name(ending);
        let picture = |scale| picture(&drawn, &untrack(chosen), scale);
        match ending {
            "csv" => save_text(&name, &csv(&drawn), "text/csv"),
            "json" => save_text(&name, &shown.json(), "application/json"),
            "svg" => save_text(&name, &picture(1.0), "image/svg+xml"),
            _ => {
                let svg = picture(SHARP);
                spawn_local(async move {
                    if !save_drawing(&name, &svg).await {
                        laboratory.told.set(words::CHART_NOT_DRAWN.into());
                    }
                });
            }
        }
    };
    let button = move |ending: &'static str| {
        view! {
            <button type="button" class="plain" data-save=ending on:click=move |_| save(ending)>
                {ending.to_ascii_uppercase()}
            </button>
        }
    };
    let frame = NodeRef::<html::Div>::new();
    let width = width_of(frame, 0.0, USUAL_WIDTH);
    let svg = move || drawn.with(|drawn| chart(drawn, &chosen(), width.get()));
    let table = move |place: usize| drawn.with(|drawn| drawn.get(place).map(|result| stop_table(result, place)));
    let told = move || drawn.with(|drawn| drawn.first().map(agreement));
    view! {
        <div class="controls" id="results">
            {list("Shown", "shown-result", (DIAL, "this dial, now"), laboratory, shown_id, laboratory.pick)}
            {list("Laid over it", "over-result", ("", "nothing"), laboratory, over_id, laboratory.over)}
            <button type="button" class="plain" data-do="remove" disabled=move || id(0).is_none() on:click=remove>
                "Remove the one shown"
            </button>
        </div>
        <div node_ref=frame inner_html=svg></div>
        <p class="meta" id="agreement">{told}</p>
        <div class="controls" id="result-files">
            <span class="meta">"Save as"</span>
            {["csv", "json", "svg", "png"].map(button)}
        </div>
        <Bring drawn />
        {move || table(0)}
        {move || table(1)}
        <p class="meta">{format!("Results stay in this browser, the {MOST} newest of them, and go nowhere unless you send them.")}</p>
    }
}

/// A list of the kept results to choose from, after `first`: its value and its words.
fn list(
    name: &'static str,
    id: &'static str,
    (value, words): (&'static str, &'static str),
    laboratory: Laboratory,
    chosen: impl Fn() -> String + Send + Sync + 'static,
    choice: RwSignal<String>,
) -> AnyView {
    let options = move || {
        let chosen = chosen();
        let option = |value: String, words: String| {
            let is_chosen = value == chosen;
            view! { <option value=value prop:selected=is_chosen>{words}</option> }
        };
        let mut options = vec![option(value.into(), words.into())];
        laboratory.results.with(|list| {
            options.extend(list.iter().map(|result| option(result.id(), result.label())));
        });
        options
    };
    view! {
        <label class="number">
            {name}
            <select id=id on:change=move |event| choice.set(event_target_value(&event))>
                {options}
            </select>
        </label>
    }
    .into_any()
}
