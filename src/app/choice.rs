//! A choice among few: native radio buttons in a row, so that arrow keys and screen readers know them.

use leptos::prelude::*;

/// One of the values on offer.
#[derive(Clone, PartialEq)]
pub struct Stop {
    pub value: usize,
    pub label: String,
    /// A second, smaller line.
    pub detail: Option<String>,
    /// Said instead of the label by a screen reader, and shown under the pointer.
    pub words: String,
}

impl Stop {
    pub fn plain(value: usize, label: impl Into<String>, words: impl Into<String>) -> Self {
        Self { value, label: label.into(), detail: None, words: words.into() }
    }
}

/// `name` is the element's id and the group's name; every stop carries `data-value`.
pub fn choice(
    name: &'static str,
    legend: &'static str,
    class: &'static str,
    stops: Signal<Vec<Stop>>,
    chosen: Signal<usize>,
    choose: Callback<usize>,
) -> AnyView {
    let stop = move |stop: Stop| {
        let (value, words) = (stop.value, stop.words.clone());
        view! {
            <label class:on=move || chosen.get() == value data-value=value.to_string() title=stop.words>
                <input
                    type="radio"
                    name=name
                    value=value.to_string()
                    aria-label=words
                    prop:checked=move || chosen.get() == value
                    on:change=move |_| choose.run(value)
                />
                <b>{stop.label}</b>
                {stop.detail.map(|detail| view! { <small>{detail}</small> })}
            </label>
        }
        .into_any()
    };
    view! {
        <fieldset id=name class=class>
            <legend>{legend}</legend>
            <div class="stops">
                <For each=move || stops.get() key=|stop| (stop.value, stop.words.clone()) children=stop />
            </div>
        </fieldset>
    }
    .into_any()
}
