//! The region's frame: the page's question with its answer, the dial, and the line that explains its stop.

use leptos::prelude::*;

use super::chart::Chart;
use super::dial::CardinalityDial;
use super::facts::Facts;
use super::lab::Laboratory;
use super::points::Point;
use super::settings::Settings;
use crate::ui::state::{Choice, Results};
use crate::ui::widgets::Term;
use crate::view::words;

#[component]
pub(crate) fn CardinalitySection() -> impl IntoView {
    let choice = expect_context::<Choice>();
    let results = expect_context::<Results>();
    let points = Memo::new(move |_| Point::all(choice, results));
    let verdict = move || {
        let compared = points.with(|points| points.iter().map(Point::compared).collect::<Vec<_>>());
        words::verdict(&compared)
    };
    let template = Signal::derive(move || choice.graph.with(|graph| graph.config.template()));
    let explained = Signal::derive(move || choice.graph.with(|graph| words::template_explained(&graph.config)));
    view! {
        <section id="cardinality-section" aria-labelledby="cardinality-title">
            <div class="question">
                <h2 id="cardinality-title">{words::QUESTION}</h2>
                <p id="verdict">{verdict}</p>
            </div>
            <div class="lab">
                <div class="turn">
                    <CardinalityDial />
                    <p class="explain" id="explain">
                        <Term id="template-tip" text=template explained />
                        {move || explain(choice)}
                    </p>
                </div>
                <figure class="chart">
                    <Chart points />
                    <figcaption id="same-training">{move || same_training(choice)}</figcaption>
                </figure>
                <div class="costs">
                    <Facts />
                    <Settings />
                </div>
            </div>
            <Laboratory />
        </section>
    }
}

fn explain(choice: Choice) -> String {
    let groups =
        choice.graph.with(|graph| words::setting_explained(&graph.config, choice.turned.with(|turned| turned.law)));
    let weights = if choice.is_trained() { "" } else { " No trained weights: timing only." };
    format!("{groups}{weights}")
}

/// Which accuracies on the dial may be compared.
fn same_training(choice: Choice) -> Option<String> {
    let options = choice.dial.with(|dial| dial.options().iter().map(|graph| graph.config.clone()).collect::<Vec<_>>());
    choice.listed(|listed| words::same_training(&options, &listed.network().trained))
}
