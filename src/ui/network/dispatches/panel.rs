//! The disclosure with the table, what its figures mean, and the files of them.

use leptos::prelude::*;

use super::table::DispatchTable;
use crate::protocol::Profile;
use crate::ui::client::save_text;
use crate::ui::state::{Choice, Device, Results};
use crate::ui::widgets::Disclosure;
use crate::view::dispatches::{csv, file_name, total_ms, trace};
use crate::view::words;

#[component]
pub(crate) fn Dispatches() -> impl IntoView {
    view! {
        <Disclosure id="dispatches" summary="Show where the time goes, dispatch by dispatch">
            <Contents />
        </Disclosure>
    }
}

#[component]
fn Contents() -> impl IntoView {
    let choice = expect_context::<Choice>();
    let results = expect_context::<Results>();
    let device = expect_context::<Device>();
    let is_there = Memo::new(move |_| results.steps_now.with(Option::is_some));
    let told = move || results.steps_now.with(|steps| steps.as_deref().map(words::dispatches));
    let total = move || results.steps_now.with(|steps| steps.as_deref().map(|steps| total_ms(steps).to_string()));
    let best = move || {
        let backend = choice.runs_on();
        results.best.with(|all| words::best_rate(all.iter().find(|best| best.backend == backend), backend))
    };
    let save = move |ending: &'static str, kind: &'static str, write: fn(&Profile, &str) -> String| {
        let profile = results.profile.get_untracked();
        let setting = choice.setting.get_untracked();
        let Some(profile) = profile.filter(|profile| profile.setting == setting) else { return };
        save_text(&file_name(&profile, ending), &write(&profile, &device.name(setting.backend)), kind);
    };
    let contents = move || {
        if !is_there.get() {
            return view! { <p class="meta">{move || words::no_dispatches(&results.work_now.get())}</p> }.into_any();
        }
        view! {
            <p class="meta" id="dispatches-told" data-ms=total>{told}</p>
            <DispatchTable />
            <p class="meta" id="dispatches-best">{best}</p>
            <div class="controls">
                <span class="meta">"Save as"</span>
                <button type="button" class="plain" data-save="csv" on:click=move |_| save("csv", "text/csv", csv)>
                    "CSV"
                </button>
                <button type="button" class="plain" data-save="trace" on:click=move |_| save("trace.json", "application/json", trace)>
                    "Chrome trace (opens in Perfetto)"
                </button>
            </div>
        }
        .into_any()
    };
    view! { <div class="dispatches">{contents}</div> }
}
