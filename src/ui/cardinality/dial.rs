//! The dial: the same network at other cardinalities and equal cost.

use leptos::prelude::*;

use crate::model::ResNextConfig;
use crate::ui::state::Choice;
use crate::ui::widgets::{RadioGroup, RadioOption};
use crate::view::{number, words};
use crate::zoo::WeightsFile;

#[component]
pub(crate) fn CardinalityDial() -> impl IntoView {
    let choice = expect_context::<Choice>();
    let options = Signal::derive(move || {
        choice.listed(|listed| {
            let network = listed.network();
            let option = |config: &ResNextConfig| {
                let weights = network.weights_for(config).and_then(|place| network.trained.get(place));
                option(config, weights)
            };
            choice.dial.with(|dial| dial.options().iter().map(|graph| option(&graph.config)).collect::<Vec<_>>())
        })
    });
    let chosen = Signal::derive(move || choice.graph.with(|graph| graph.config.cardinality));
    let choose = move |cardinality| choice.cardinality.set(cardinality);
    let legend = Signal::derive(move || words::dial(choice.turned.with(|turned| turned.law)));
    view! { <RadioGroup name="cardinality" legend class="dial" options chosen choose /> }
}

fn option(config: &ResNextConfig, weights: Option<&WeightsFile>) -> RadioOption<usize> {
    let cardinality = config.cardinality;
    let words = words::setting(config);
    let (words, mark) = match weights.map(|weights| weights.top1.map(number::accuracy)) {
        Some(Some(share)) => (format!("{words}, trained, {share} correct on its test set"), format!("\n{share}")),
        Some(None) => (format!("{words}, trained"), "\ntrained".into()),
        None => (words, String::new()),
    };
    let detail = Some(format!("{}{mark}", width(config)));
    RadioOption { detail, ..RadioOption::new(cardinality, cardinality, cardinality.to_string(), words) }
}

/// `4d`: channels per group in a stage of 64 planes, as the paper writes it; `15-30-60` where no base width fits.
fn width(config: &ResNextConfig) -> String {
    let template = config.template();
    template.rsplit(['×', ' ']).next().unwrap_or_default().to_owned()
}
