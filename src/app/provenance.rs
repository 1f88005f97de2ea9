//! Where a network comes from, in a line that unfolds.

use leptos::prelude::*;

use super::page::Page;
use crate::view::catalogue::{Place, Weights};
use crate::view::number;

pub fn provenance(page: Page) -> AnyView {
    view! {
        <details id="provenance">
            <summary>{move || summary(page)}</summary>
            <dl>{move || page.weights.get().map(|weights| rows(page, &weights))}</dl>
        </details>
    }
    .into_any()
}

fn summary(page: Page) -> String {
    match page.weights.get() {
        Some(weights) => format!("Where it comes from: {}, {}", weights.source, weights.licence),
        None => "Where it comes from: nowhere, its weights are random numbers (seed 2017)".into(),
    }
}

fn rows(page: Page, weights: &Weights) -> AnyView {
    let place = match &weights.place {
        Place::Bundled(path) => format!("{} (beside the page)", path),
        Place::Hub(repository) => format!("{repository}, {}", weights.file()),
        Place::Url(url) => url.clone(),
        Place::File(name) => format!("{name} (from your disk)"),
    };
    let about = matches!(weights.place, Place::Hub(_)) && weights.sha256.is_none();
    let bytes = if about { format!("about {}", number::bytes(weights.bytes)) } else { exact(weights.bytes) };
    let (published, measured) = accuracy(page, weights);
    let rows = [
        ("File", place),
        ("Bytes", bytes),
        ("SHA-256", weights.sha256.clone().unwrap_or_else(|| "known once it is fetched".into())),
        ("Source", weights.source.clone()),
        ("Licence", weights.licence.clone()),
        ("Recipe", weights.recipe.clone().unwrap_or_else(|| "not stated".into())),
        ("Accuracy, published", published),
        ("Accuracy, measured here", measured),
        ("A picture is prepared so", preparation(page)),
    ];
    rows.map(|(name, value)| view! { <div><dt>{name}</dt><dd>{value}</dd></div> }).collect_view().into_any()
}

/// Published or stated, and counted on the visitor's machine.
fn accuracy(page: Page, weights: &Weights) -> (String, String) {
    let stated = weights.top1.map(|share| format!("{} of its test pictures", number::accuracy(share)));
    let setting = page.setting.get();
    let counted = page.accuracy.with(|accuracy| {
        let measured = accuracy.all.iter().find(|known| known.setting == setting)?;
        Some(super::accuracy::confusion(measured).score().counted())
    });
    (stated.unwrap_or("not stated".into()), counted.unwrap_or("not yet".into()))
}

fn preparation(page: Page) -> String {
    let preparation = page.networks.with(|networks| networks[page.network.get()].preparation.clone());
    preparation.unwrap_or_else(|| "known once it is read".into())
}

/// `4,225,012`.
fn exact(bytes: u64) -> String {
    let digits = bytes.to_string();
    let mut grouped = String::new();
    for (index, digit) in digits.chars().enumerate() {
        if index > 0 && (digits.len() - index).is_multiple_of(3) {
            grouped.push(',');
        }
        grouped.push(digit);
    }
    grouped
}
