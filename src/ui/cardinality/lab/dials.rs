//! The law of the dial, and its depth, cardinality and base width as numbers to type.

use leptos::prelude::*;
use wasm_bindgen::JsCast;
use web_sys::{Event, HtmlInputElement};

use crate::model::Law;
use crate::ui::state::Choice;
use crate::ui::widgets::{RadioGroup, RadioOption};
use crate::view::typed::Typed;
use crate::view::words;

/// Which number was refused, and why.
type Refused = RwSignal<Option<(&'static str, String)>>;

#[component]
pub(super) fn Dials() -> impl IntoView {
    let choice = expect_context::<Choice>();
    let refused: Refused = RwSignal::new(None);
    let option = |law: Law| RadioOption::new(law, law.name(), words::law(law), words::law_explained(law));
    let options = Signal::stored(Law::ALL.map(option).to_vec());
    let chosen = Signal::derive(move || choice.turned.with(|turned| turned.law));
    let choose = move |law| {
        refused.set(None);
        choice.follow(law);
    };
    let cost = move || {
        let reference = choice.listed(|listed| choice.turned.with(|turned| turned.base(&listed.graph().config)));
        choice.graph.with(|graph| words::block_cost_explained(&graph.config, &reference))
    };
    let groups = Signal::derive(move || choice.graph.with(|graph| graph.config.cardinality));
    let base_width = Signal::derive(move || choice.graph.with(|graph| graph.config.base_width));
    view! {
        <div class="controls" id="dials">
            <RadioGroup name="law" legend="From stop to stop" class="segments" options chosen choose />
            <Number id="depth-typed" label="Depth" value=choice.depth typed=Typed::Depth refused />
            <Number id="groups-typed" label="Groups" value=groups typed=Typed::Groups refused />
            <Number id="width-typed" label="Base width" value=base_width typed=Typed::BaseWidth refused />
        </div>
        <p id="impossible" class="meta" role="status">
            {move || refused.with(|refused| refused.as_ref().map(|(_, why)| why.clone()))}
        </p>
        <p id="block-cost" class="meta">{cost}</p>
    }
}

#[component]
fn Number(
    id: &'static str,
    label: &'static str,
    #[prop(into)] value: Signal<usize>,
    typed: fn(usize) -> Typed,
    refused: Refused,
) -> impl IntoView {
    let choice = expect_context::<Choice>();
    let changed = move |event: Event| {
        let Some(input) = event.target().and_then(|target| target.dyn_into::<HtmlInputElement>().ok()) else { return };
        let outcome = match input.value().trim().parse() {
            Ok(number) => choice.typed(typed(number)),
            Err(_) => Err(format!("{label} is a whole number from 1.")),
        };
        refused.set(outcome.err().map(|why| (id, why)));
    };
    let is_refused = move || refused.with(|refused| refused.as_ref().is_some_and(|(field, _)| *field == id));
    view! {
        <label class="number">
            {label}
            <input
                type="number"
                id=id
                min="1"
                step="1"
                inputmode="numeric"
                prop:value=move || value.get().to_string()
                aria-describedby="impossible"
                aria-invalid=move || is_refused().to_string()
                on:change=changed
            />
        </label>
    }
}
