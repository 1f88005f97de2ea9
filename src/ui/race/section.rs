//! The region's frame: what is chosen, what goes on, and what has come of it.

use leptos::prelude::*;
use web_sys::DragEvent;

use super::charts::Charts;
use super::controls::{Controls, KeptOffer};
use super::guesses::Guesses;
use super::networks::Networks;
use super::setup::Setup;
use crate::ui::client::Racing;
use crate::ui::state::Race;
use crate::ui::widgets::Disclosure;
use crate::view::words;

#[component]
pub(crate) fn RaceSection() -> impl IntoView {
    view! {
        <section id="training" aria-labelledby="training-title">
            <h2 id="training-title">"Training " <span>"does cardinality learn better?"</span></h2>
            <Disclosure id="race" summary="Train two networks of equal cost, side by side, on this machine">
                <Opened />
            </Disclosure>
        </section>
    }
}

#[component]
fn Opened() -> impl IntoView {
    let race = expect_context::<Race>();
    let racing = expect_context::<Racing>();
    racing.open();
    let dropped = move |event: DragEvent| {
        if racing.take_dropped(event.data_transfer()) {
            event.prevent_default();
        }
    };
    let has_begun = Memo::new(move |_| race.facts.with(Option::is_some));
    view! {
        <div class="race" data-stage=move || race.stage.with(|stage| stage.name()) on:drop=dropped>
            <KeptOffer />
            <Setup />
            <Controls />
            {move || has_begun.get().then(|| view! { <Charts /> <Networks /> <Guesses /> })}
            <p class="meta" id="race-limits">{words::RACE_LIMITS}</p>
        </div>
    }
}
