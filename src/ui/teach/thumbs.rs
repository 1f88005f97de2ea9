//! The pictures of a class. A click selects one, which can then be moved or removed.

use leptos::prelude::*;

use crate::ui::client::Client;
use crate::ui::state::{Teach, TeachClass};
use crate::ui::widgets::OneTabStop;

/// A picture as its button shows it.
type Shown = (u64, String, String);

#[component]
pub(super) fn Thumbs(key: u64, name: Memo<String>) -> impl IntoView {
    let teach = expect_context::<Teach>();
    let pictures = move || {
        let shown = |class: &TeachClass| -> Vec<Shown> {
            class.pictures.iter().map(|picture| (picture.id, picture.name.clone(), picture.url.clone())).collect()
        };
        teach.of(key, shown).unwrap_or_default()
    };
    let tools = move || {
        let id = teach.selected.get()?;
        let is_its = teach.of(key, |class| class.pictures.iter().any(|picture| picture.id == id))?;
        is_its.then(|| view! { <Tools id /> })
    };
    view! {
        <OneTabStop class="thumbs" label="Pictures of this class">
            <For each=pictures key=|(id, ..)| *id children=move |shown| view! { <Thumb shown name /> } />
        </OneTabStop>
        {tools}
    }
}

#[component]
fn Thumb(shown: Shown, name: Memo<String>) -> impl IntoView {
    let teach = expect_context::<Teach>();
    let (id, file, url) = shown;
    let is_selected = move || teach.selected.get() == Some(id);
    let is_wrong = move || {
        teach.outcome.with(|outcome| {
            let left_out = outcome.iter().flat_map(|outcome| &outcome.learned.left_out);
            left_out.into_iter().any(|picture| picture.picture == id && !picture.is_right)
        })
    };
    let alt = move || format!("{}{}", name.get(), if is_wrong() { ", taken for another class" } else { "" });
    view! {
        <button
            type="button"
            data-picture=id.to_string()
            class:wrong=is_wrong
            title=file
            aria-pressed=move || is_selected().to_string()
            on:click=move |_| teach.selected.update(|now| *now = if *now == Some(id) { None } else { Some(id) })
        >
            <img src=url alt=alt loading="lazy" decoding="async" width="56" height="56" />
        </button>
    }
}

/// Where a picture can go: to any other class, or to the one that it is taken for.
#[component]
pub(super) fn Tools(id: u64, #[prop(optional)] to: Option<u64>) -> impl IntoView {
    let teach = expect_context::<Teach>();
    let client = expect_context::<Client>();
    let others = move || {
        teach.classes.with(|all| {
            let is_its = |class: &&TeachClass| class.pictures.iter().any(|picture| picture.id == id);
            let others = all.iter().filter(|class| !is_its(class) && to.is_none_or(|to| to == class.key));
            others.map(|class| (class.key, class.name.clone())).collect::<Vec<_>>()
        })
    };
    let buttons = move || {
        let button = |(key, name): (u64, String)| {
            let go = move |_| {
                teach.move_to(id, key);
                client.learn_soon();
            };
            view! { <button type="button" class="plain" data-do="move" on:click=go>{format!("Move to {name}")}</button> }
        };
        others().into_iter().map(button).collect_view()
    };
    let remove = move |_| {
        teach.remove(id);
        client.learn_soon();
    };
    view! {
        <div class="tools">
            {buttons}
            <button type="button" class="plain" data-do="remove" on:click=remove>"Remove"</button>
        </div>
    }
}
