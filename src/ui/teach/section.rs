//! The region's frame: what is on the page now, the classes, and what has been learned of them.

use leptos::prelude::*;
use leptos::task::spawn_local;

use super::class::ClassCard;
use super::keep::Keep;
use super::now::Now;
use super::outcome::OutcomeLines;
use crate::ui::client::Client;
use crate::ui::state::Teach;
use crate::ui::widgets::{Disclosure, FileInput};

#[component]
pub(crate) fn TeachSection() -> impl IntoView {
    view! {
        <section id="teaching" aria-labelledby="teach-title">
            <h2 id="teach-title">"Teach it your own things"</h2>
            <Disclosure
                id="teach"
                summary="Name some classes, give each a few pictures: the network learns to tell them apart, in seconds and on this machine"
            >
                <Classes />
            </Disclosure>
        </section>
    }
}

#[component]
fn Classes() -> impl IntoView {
    let teach = expect_context::<Teach>();
    let client = expect_context::<Client>();
    // Two empty classes to begin with.
    if teach.classes.with_untracked(Vec::is_empty) {
        for _ in 0..2 {
            teach.add_class(teach.free_name());
        }
        spawn_local(client.restore_taught());
    }
    let keys = move || teach.classes.with(|all| all.iter().map(|class| class.key).collect::<Vec<_>>());
    view! {
        <Now />
        <ul class="taught" class:landing=move || teach.landing.get() == Some(0)>
            <For each=keys key=|key| *key children=move |key| view! { <ClassCard key /> } />
            <li class="more">
                <button
                    type="button"
                    class="plain"
                    id="teach-add"
                    on:click=move |_| {
                        teach.add_class(teach.free_name());
                    }
                >
                    "Add a class"
                </button>
                <label class="plain files">
                    "Add folders"
                    <FileInput id="teach-folders" accept="" folder=true on_choose=move |files| client.teach_files(None, files) />
                </label>
                <Keep />
                <p class="meta">"Or drop a folder with a folder of pictures for each class. Nothing leaves this machine."</p>
            </li>
        </ul>
        <OutcomeLines />
    }
}
