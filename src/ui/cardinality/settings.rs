//! The settings of a run in one line, which opens.

use leptos::prelude::*;

use super::controls::{BackendChoice, CoresChoice, PlanChoice, RunsChoice, WeightsChoice};
use super::diagnostics::CopyDiagnostics;
use super::tuned::TunedLine;
use crate::ui::state::Choice;
use crate::ui::widgets::Term;
use crate::view::words;

#[component]
pub(crate) fn Settings() -> impl IntoView {
    let choice = expect_context::<Choice>();
    let open = RwSignal::new(false);
    let device = move || format!("{} · ", words::backend(choice.runs_on()));
    let kind = move || choice.setting.with(|setting| setting.plan);
    let plan = Signal::derive(move || format!("{} plan", kind()));
    let plan_explained = Signal::derive(move || words::plan_explained(kind()).to_owned());
    let dtype = move || choice.setting.with(|setting| setting.weight_dtype);
    let weights = Signal::derive(move || format!("{} weights", dtype()));
    let weights_explained = Signal::derive(move || words::weights_explained(dtype()).to_owned());
    view! {
        <div id="settings">
            <p class="meta">
                {device}
                <Term id="plan-tip" text=plan explained=plan_explained />
                " · "
                <Term id="weights-tip" text=weights explained=weights_explained />
                {move || format!(" · {} runs ", choice.runs.get())}
                <button
                    type="button"
                    id="change"
                    class="plain"
                    aria-expanded=move || open.get().to_string()
                    aria-controls="settings-controls"
                    on:click=move |_| open.update(|open| *open = !*open)
                >
                    {move || if open.get() { "Done" } else { "Change" }}
                </button>
            </p>
            <div id="settings-controls" class="controls" hidden=move || !open.get()>
                <BackendChoice />
                <PlanChoice />
                <WeightsChoice />
                <CoresChoice />
                <RunsChoice />
                <CopyDiagnostics />
            </div>
            <TunedLine />
        </div>
    }
}
