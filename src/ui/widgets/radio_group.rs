//! A choice among a few options: native radio buttons in a row, so that arrow keys and screen readers work.

use leptos::prelude::*;

/// A value to choose.
#[derive(Clone, PartialEq)]
pub(crate) struct RadioOption<T> {
    pub value: T,
    /// Its name as `data-value`.
    pub name: String,
    pub label: String,
    /// A second, smaller line.
    pub detail: Option<String>,
    /// Read by a screen reader instead of the label, and shown as a tooltip.
    pub words: String,
}

impl<T> RadioOption<T> {
    pub(crate) fn new(value: T, name: impl ToString, label: impl Into<String>, words: impl Into<String>) -> Self {
        Self { value, name: name.to_string(), label: label.into(), detail: None, words: words.into() }
    }
}

/// `name` is the element's id and the name of the group.
#[component]
pub(crate) fn RadioGroup<T>(
    name: &'static str,
    #[prop(into)] legend: Signal<&'static str>,
    class: &'static str,
    #[prop(into)] options: Signal<Vec<RadioOption<T>>>,
    #[prop(into)] chosen: Signal<T>,
    #[prop(into)] choose: Callback<T>,
) -> impl IntoView
where
    T: Copy + PartialEq + Send + Sync + 'static,
{
    let option = move |option: RadioOption<T>| {
        let RadioOption { value, name: data_value, label, detail, words } = option;
        let is_chosen = move || chosen.get() == value;
        view! {
            <label class:on=is_chosen data-value=data_value title=words>
                <input
                    type="radio"
                    name=name
                    value=data_value.clone()
                    aria-label=words.clone()
                    prop:checked=is_chosen
                    on:change=move |_| choose.run(value)
                />
                <b>{label}</b>
                {detail.map(|detail| view! { <small>{detail}</small> })}
            </label>
        }
    };
    view! {
        <fieldset id=name class=class>
            <legend>{move || legend.get()}</legend>
            <div class="options">
                <For each=move || options.get() key=|option| (option.name.clone(), option.words.clone()) children=option />
            </div>
        </fieldset>
    }
}
