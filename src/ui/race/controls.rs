//! The buttons of a race, how far it is, and the offer to go on with that of an earlier visit.

use leptos::prelude::*;

use crate::protocol::{RaceCommand, RaceData, RaceStage};
use crate::ui::client::Racing;
use crate::ui::state::Race;
use crate::view::words;

#[component]
pub(super) fn Controls() -> impl IntoView {
    let race = expect_context::<Race>();
    let racing = expect_context::<Racing>();
    let Race { stage, curves, facts, .. } = race;
    let step = Memo::new(move |_| curves.with(|curves| curves.losses[1].len()));
    let steps = Memo::new(move |_| facts.with(|facts| facts.as_ref().map_or(1, |facts| facts.steps)));
    let is_resting = move || stage.with(|stage| matches!(stage, RaceStage::Paused | RaceStage::Asking(_)));
    let is_running = move || stage.with(|stage| *stage == RaceStage::Running);
    // Pictures of the visitor's own must have been read, and be enough.
    let is_ready = Memo::new(move |_| {
        let own = || race.own.with(|own| own.as_ref().is_some_and(|own| own.left == 0 && own.problem.is_none()));
        race.data.get() == RaceData::Bundled || own()
    });
    let cannot_begin = move || stage.with(|stage| stage.is_under_way()) || !is_ready.get();
    let rest = move |_| racing.send(if untrack(is_resting) { RaceCommand::GoOn } else { RaceCommand::Pause });
    let words = move || {
        let pace = curves.with(|curves| curves.pace);
        facts.with(|facts| stage.with(|stage| words::race_stage(stage, step.get(), facts.as_deref(), pace)))
    };
    // For a screen reader: what goes on, not each step of it.
    let spoken =
        move || stage.with(|stage| if *stage == RaceStage::Running { "Training.".to_owned() } else { untrack(words) });
    view! {
        <div class="controls" id="race-controls">
            <button type="button" class="plain" data-do="go" disabled=cannot_begin on:click=move |_| racing.begin()>"Go"</button>
            <button
                type="button"
                class="plain"
                data-do="pause"
                disabled=move || !is_resting() && !is_running()
                on:click=rest
            >
                {move || if is_resting() { "Continue" } else { "Pause" }}
            </button>
            <button
                type="button"
                class="plain"
                data-do="stop"
                disabled=move || !is_resting() && !is_running()
                on:click=move |_| racing.send(RaceCommand::Stop)
            >
                "Stop"
            </button>
            <progress max=move || steps.get().to_string() value=move || step.get().to_string() aria-label="steps of training"></progress>
        </div>
        <p class="num" id="race-state" class:failed=move || stage.with(|stage| matches!(stage, RaceStage::Failed(_)))>{words}</p>
        <p class="sr-only" role="status">{spoken}</p>
        <p class="meta" id="race-told" role="status">{move || race.told.get()}</p>
    }
}

/// The race of an earlier visit.
#[component]
pub(super) fn KeptOffer() -> impl IntoView {
    let race = expect_context::<Race>();
    let racing = expect_context::<Racing>();
    move || {
        race.kept.with(|kept| {
            let kept = kept.as_ref()?;
            let action = if kept.step < kept.facts.steps { "Continue" } else { "Show it" };
            Some(view! {
                <div class="controls" id="race-kept">
                    <span>{words::kept_race(kept)}</span>
                    <button type="button" class="plain" data-do="resume" on:click=move |_| racing.resume()>{action}</button>
                    <button type="button" class="plain" data-do="discard" on:click=move |_| racing.send(RaceCommand::Discard)>
                        "Discard"
                    </button>
                </div>
            })
        })
    }
}
