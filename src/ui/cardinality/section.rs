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
                    <p class="explain" id="same-training">{move || same_training(choice)}</p>
                    <Facts />
                    <TunedLine />
                </div>
                <LatencyChart />
            </div>
        </section>
    }
}

fn explain(choice: Choice) -> String {
    let groups = match choice.graph.with(|graph| graph.config.cardinality) {
        1 => "One group: this is a plain ResNet.".to_owned(),
        groups => {
            format!("Each 3×3 convolution has {groups} independent groups, widened so that the cost stays equal.")
        }
    };
    let weights = if choice.is_trained() { "" } else { " No trained weights: timing only." };
    format!("{groups}{weights}")
}

/// Which accuracies on the dial may be compared.
fn same_training(choice: Choice) -> Option<String> {
    let options = choice.dial.with(|dial| dial.options().iter().map(|graph| graph.config.clone()).collect::<Vec<_>>());
    choice.listed(|listed| words::same_training(&options, &listed.network().trained))
}
