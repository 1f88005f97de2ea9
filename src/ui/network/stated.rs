//! A form for what a file does not say of its network: strides, the preparation of pictures, class names.

use leptos::ev::SubmitEvent;
use leptos::prelude::*;

use crate::protocol::Description;
use crate::ui::client::Client;
use crate::ui::state::Choice;
use crate::view::stated::{FIELDS, Stated};

#[component]
pub(crate) fn StatedForm() -> impl IntoView {
    let choice = expect_context::<Choice>();
    let client = expect_context::<Client>();
    let stated = Memo::new(move |_| choice.listed(|listed| Stated::of(listed.network())));
    let typed = RwSignal::new(Stated::default());
    // Another network, or what the worker has made of what was typed.
    Effect::new(move |_| typed.set(stated.get().unwrap_or_default()));
    let submit = move |event: SubmitEvent| {
        event.prevent_default();
        let before = stated.get_untracked().unwrap_or_default();
        let text = typed.with_untracked(|typed| typed.json(&before));
        client.describe(Description { name: String::new(), text, weights_follow: false });
    };
    let field = move |place: usize| {
        let (name, words) = FIELDS[place];
        let id = format!("stated-{name}");
        view! {
            <label for=id.clone()>{words}</label>
            <input
                type="text"
                id=id
                autocomplete="off"
                prop:value=move || typed.with(|typed| typed.fields[place].clone())
                on:input=move |event| typed.update(|typed| typed.fields[place] = event_target_value(&event))
            />
        }
    };
    view! {
        <form id="described" hidden=move || stated.with(Option::is_none) on:submit=submit>
            <h3>"Correct what the file does not say"</h3>
            {(0..FIELDS.len()).map(field).collect_view()}
            <label for="stated-classes">"Class names, one per line"</label>
            <textarea
                id="stated-classes"
                rows="4"
                prop:value=move || typed.with(|typed| typed.classes.clone())
                on:input=move |event| typed.update(|typed| typed.classes = event_target_value(&event))
            ></textarea>
            <button type="submit" class="plain">"Apply"</button>
        </form>
    }
}
