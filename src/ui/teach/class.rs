//! A class: its name, its pictures, and the ways to give it more.

use leptos::html;
use leptos::prelude::*;
use web_sys::KeyboardEvent;

use super::thumbs::Thumbs;
use crate::ui::client::Client;
use crate::ui::state::{Live, Teach};
use crate::ui::widgets::FileInput;
use crate::view::teach::{name_trouble, pictures_of};

/// What the dialog offers; afterwards the first bytes decide.
const FILES: &str = "image/*,.avif,.heic,.heif";

#[component]
pub(super) fn ClassCard(key: u64) -> impl IntoView {
    let teach = expect_context::<Teach>();
    let client = expect_context::<Client>();
    let name = Memo::new(move |_| teach.of(key, |class| class.name.clone()).unwrap_or_default());
    let count = move || teach.of(key, |class| class.pictures.len()).unwrap_or_default();
    let trouble = move || {
        teach.classes.with(|all| {
            let others = all.iter().filter(|class| class.key != key);
            name.with(|name| name_trouble(name, others.map(|class| class.name.as_str())))
        })
    };
    let field = NodeRef::<html::Input>::new();
    let renamed = move |_| {
        if let Some(field) = field.get_untracked() {
            teach.rename(key, field.value());
            client.learn_soon();
        }
    };
    let remove = move |_| {
        teach.remove_class(key);
        client.learn_soon();
    };
    view! {
        <li class="class" data-class=key.to_string() class:landing=move || teach.landing.get() == Some(key)>
            <div class="named">
                <input
                    type="text"
                    aria-label="Name of the class"
                    aria-invalid=move || trouble().is_some().to_string()
                    prop:value=move || name.get()
                    maxlength="60"
                    node_ref=field
                    on:focus=move |_| {
                        if let Some(field) = field.get_untracked() {
                            field.select();
                        }
                    }
                    on:change=renamed
                />
                <span class="meta num count">{move || pictures_of(count())}</span>
                <button
                    type="button"
                    class="close"
                    aria-label=move || format!("Remove the class {}", name.get())
                    title="Remove this class with its pictures"
                    on:click=remove
                >
                    "×"
                </button>
            </div>
            <p class="trouble" role="status">{trouble}</p>
            <Thumbs key name />
            <div class="give">
                <label class="plain files">
                    "Add pictures"
                    <FileInput
                        id=format!("teach-files-{key}")
                        accept=FILES
                        on_choose=move |files| client.teach_files(Some(key), files)
                    />
                </label>
                <button type="button" class="plain" data-do="shown" on:click=move |_| client.teach_shown(key)>
                    "Add the picture on the page"
                </button>
                <Record key />
            </div>
        </li>
    }
}

/// Held down, by pointer or by key, it gives the class one frame after the other.
#[component]
fn Record(key: u64) -> impl IntoView {
    let teach = expect_context::<Teach>();
    let live = expect_context::<Live>();
    let client = expect_context::<Client>();
    let is_key = |event: &KeyboardEvent| [" ", "Enter"].contains(&event.key().as_str());
    let end = move || {
        if teach.recording.get_untracked() == Some(key) {
            teach.recording.set(None);
            client.learn_soon();
        }
    };
    let pressed = move |event: KeyboardEvent| {
        if is_key(&event) {
            // Space would scroll the page.
            event.prevent_default();
            if !event.repeat() {
                client.record(key);
            }
        }
    };
    view! {
        <button
            type="button"
            class="plain record"
            data-do="record"
            hidden=move || !live.is_on.get()
            aria-pressed=move || (teach.recording.get() == Some(key)).to_string()
            on:pointerdown=move |_| client.record(key)
            on:pointerup=move |_| end()
            on:pointercancel=move |_| end()
            on:pointerleave=move |_| end()
            on:blur=move |_| end()
            on:contextmenu=move |event| event.prevent_default()
            on:keydown=pressed
            on:keyup=move |event| {
                if is_key(&event) {
                    end();
                }
            }
        >
            "Hold to record"
        </button>
    }
}
