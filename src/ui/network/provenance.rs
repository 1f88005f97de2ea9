//! Where a network comes from, in a line that opens.

use leptos::prelude::*;

use super::stated::StatedForm;
use crate::ui::state::{Choice, Results};
use crate::view::confusion::Confusion;
use crate::view::{number, words};
use crate::zoo::{Location, Reading, WeightsFile};

/// Said behind what is usual, where the file does not say it.
const GUESS: &str = " (a guess: the file does not say)";

#[component]
pub(crate) fn Provenance() -> impl IntoView {
    let choice = expect_context::<Choice>();
    let results = expect_context::<Results>();
    let rows = move || choice.weights.with(|weights| weights.as_ref().map(|weights| rows(choice, results, weights)));
    view! {
        <details id="provenance">
            <summary>{move || choice.weights.with(|weights| summary(weights.as_ref()))}</summary>
            <dl>{rows}</dl>
            <StatedForm />
        </details>
    }
}

fn summary(weights: Option<&WeightsFile>) -> String {
    match weights {
        Some(weights) => format!("Source: {}, {}", weights.source, weights.licence),
        None => "Source: none, random weights (seed 2017)".into(),
    }
}

fn rows(choice: Choice, results: Results, weights: &WeightsFile) -> impl IntoView + use<> {
    let place = match &weights.location {
        Location::Bundled(path) => format!("{path} (shipped with the page)"),
        Location::Hub(repository) => format!("{repository}, {}", weights.file()),
        Location::Url(url) => url.clone(),
        Location::Taught => "taught on this page".into(),
        Location::File(name) => format!("{name} (from your disk)"),
    };
    let is_guess = matches!(weights.location, Location::Hub(_)) && weights.sha256.is_none();
    let bytes = match is_guess {
        true => format!("about {}", number::bytes(weights.bytes)),
        false => number::grouped(weights.bytes),
    };
    let published = weights.top1.map(|share| format!("{} of its test set", number::accuracy(share)));
    let measured = results.evaluation_now.with(|now| now.as_ref().map(|now| Confusion::of_evaluation(now).score()));
    let preparation = choice.listed(|listed| listed.network().preprocess.as_ref().map(words::preparation));
    let reading = choice.listed(|listed| listed.network().reading.clone());
    let guess = |is_guess: fn(&Reading) -> bool| if reading.as_deref().is_some_and(is_guess) { GUESS } else { "" };
    let rows = [
        ("File", place),
        ("Bytes", bytes),
        ("SHA-256", weights.sha256.clone().unwrap_or_else(|| "known once it is downloaded".into())),
        ("Source", weights.source.clone()),
        ("Licence", weights.licence.clone()),
        ("Recipe", weights.recipe.clone().unwrap_or_else(|| "not stated".into())),
        ("Accuracy, published", published.unwrap_or_else(|| "not stated".into())),
        ("Accuracy, measured here", measured.map_or_else(|| "not yet".into(), |score| score.counted())),
        (
            "Format",
            reading
                .as_ref()
                .map_or_else(|| "known once it is read".into(), |read| words::container(read.container).into()),
        ),
        ("Read", reading.as_ref().map_or_else(|| "not yet".into(), |read| words::reading(read, weights.file()))),
        ("Strides", format!("{}{}", words::strides(&weights.config.strides), guess(|read| read.strides_guessed))),
        (
            "Preprocessing",
            preparation
                .map_or_else(|| "known once it is read".into(), |words| words + guess(|read| read.preparation_guessed)),
        ),
    ];
    rows.map(|(name, value)| view! { <div><dt>{name}</dt><dd>{value}</dd></div> }).collect_view()
}
