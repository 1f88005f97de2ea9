//! The region's frame: controls, numbers, matrix and mistakes, or the reason why there are none.

use leptos::prelude::*;

use super::controls::Controls;
use super::evaluation_state::EvaluationState;
use super::matrix::Matrix;
use super::mistakes::Mistakes;
use super::outcome::{Compared, Outcome};
use crate::ui::state::{Choice, Device, Results};
use crate::view::confusion::Confusion;

#[component]
pub(crate) fn AccuracySection() -> impl IntoView {
    let choice = expect_context::<Choice>();
    let device = expect_context::<Device>();
    let results = expect_context::<Results>();
    let state = Memo::new(move |_| EvaluationState::now(choice, device, results));
    let obstacle = Memo::new(move |_| state.get().err());
    // From its first use on it keeps its room, so that turning to a network without accuracy moves nothing.
    let is_used = Memo::new(move |before: Option<&bool>| {
        let is_running = results.evaluating.with(Option::is_some);
        before == Some(&true) || is_running || results.evaluations.with(|all| !all.is_empty())
    });
    let is_hindered = move || obstacle.with(Option::is_some);
    // Built once: it is hidden where there is nothing to measure.
    let has_measurement = Memo::new(move |before: Option<&bool>| before == Some(&true) || !is_hindered());
    let measurement = move || {
        let state = Signal::derive(move || state.get().unwrap_or(EvaluationState::Waiting));
        has_measurement.get().then(|| view! { <Measurement state /> })
    };
    view! {
        <section id="accuracy" aria-labelledby="accuracy-title" class:used=is_used class:hindered=is_hindered>
            <h2 id="accuracy-title">"Accuracy " <span>"how often it is right"</span></h2>
            {move || obstacle.get().map(|obstacle| view! { <p id="hindered" class="meta">{obstacle.words()}</p> })}
            {measurement}
        </section>
    }
}

#[component]
fn Measurement(state: Signal<EvaluationState>) -> impl IntoView {
    let now = expect_context::<Results>().evaluation_now;
    let confusion = Memo::new(move |_| now.with(|now| now.as_ref().map(Confusion::of_evaluation).unwrap_or_default()));
    view! {
        <div class="exam">
            <div>
                <Controls state confusion />
                <Outcome state confusion />
                <Compared />
            </div>
            <Matrix confusion />
            <Mistakes />
        </div>
    }
}
