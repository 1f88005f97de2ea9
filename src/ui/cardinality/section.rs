//! The region's frame, and the lines under the dial.

use leptos::prelude::*;

use super::chart::LatencyChart;
use super::controls::{BackendChoice, PlanChoice, RunsChoice, WeightsChoice};
use super::dial::CardinalityDial;
use super::facts::Facts;
use super::tuned::TunedLine;
use crate::ui::state::Choice;
use crate::view::words;

#[component]
pub(crate) fn CardinalitySection() -> impl IntoView {
    let choice = expect_context::<Choice>();
    view! {
        <section id="cardinality-section" aria-labelledby="cardinality-title">
            <div class="head">
                <h2 id="cardinality-title">"Cardinality"</h2>
                <div class="controls">
                    <BackendChoice />
                    <PlanChoice />
                    <WeightsChoice />
                    <RunsChoice />
                </div>
            </div>
            <div class="lab">
                <div>
                    <CardinalityDial />
                    <p class="explain" id="explain">{move || explain(choice)}</p>
                    <p class="explain" id="alike">{move || alike(choice)}</p>
                    <Facts />
                    <TunedLine />
                </div>
                <LatencyChart />
            </div>
        </section>
    }
}

fn explain(choice: Choice) -> String {
    let cuts = match choice.graph.with(|graph| graph.config.cardinality) {
        1 => "Every red bar is whole: this is a ResNet.".to_owned(),
        groups => format!("Every red bar is cut into {groups} groups that do not see each other."),
    };
    let weights = if choice.is_trained() { "" } else { " Untrained weights: latency only." };
    format!("{cuts} It is as tall as equal cost allows.{weights}")
}

/// What may be compared, and what may not, of the accuracies on the dial.
fn alike(choice: Choice) -> Option<String> {
    let stops = choice.dial.with(|dial| dial.stops().iter().map(|stop| stop.config.clone()).collect::<Vec<_>>());
    choice.listed(|listed| words::trained_alike(&stops, &listed.network().trained))
}
