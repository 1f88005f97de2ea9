//! The region's frame, and the lines under the answer.

use leptos::prelude::*;

use super::device_note::DeviceNote;
use super::guesses::{Guesses, no_guesses};
use super::larger::{Larger, Offer};
use super::state::AnswerState;
use super::trouble::{NoHead, Trouble, Untrained};
use crate::protocol::{GpuState, Work};
use crate::ui::client::Client;
use crate::ui::state::{Choice, Device, Live, Loading, Maps, Results};
use crate::view::offer::larger;
use crate::view::{number, words};

#[component]
pub(crate) fn AnswerSection() -> impl IntoView {
    let choice = expect_context::<Choice>();
    let device = expect_context::<Device>();
    let results = expect_context::<Results>();
    let maps = expect_context::<Maps>();
    let live = expect_context::<Live>();
    let loading = expect_context::<Loading>();
    let client = expect_context::<Client>();
    let state = Memo::new(move |_| AnswerState::now(choice, device, results));
    // An answer that dims is not drawn anew.
    let shown = Memo::new(move |_| if state.get().shows_answer() { AnswerState::Fresh } else { state.get() });
    let heading = move || {
        let top1 = choice.weights.with(|weights| weights.as_ref().and_then(|weights| weights.top1));
        top1.map(|share| format!("{} correct on its test set", number::accuracy(share)))
    };
    let spoken = Memo::new(move |_| spoken(state.get(), results, live.is_on.get()));
    let offer = Memo::new(move |_| Offer::now(choice, loading, results));
    // What the browser's cache has of it.
    Effect::new(move |_| {
        if offer.with(Option::is_some) && loading.kept.with_untracked(Option::is_none) {
            client.list_files();
        }
    });
    // The offer's room is kept free, so that nothing moves when it comes.
    let has_larger = move || choice.networks.with(|networks| larger(networks, choice.network.get()).is_some());
    view! {
        <section id="answer" aria-labelledby="answer-title" data-state=move || state.get().name()>
            <h2 id="answer-title">"Answer " <span>{heading}</span></h2>
            <div class="reserved">
                <Guesses is_shown=Signal::derive(move || state.get().shows_answer()) />
                {move || body(shown.get(), choice, device, results)}
            </div>
            <p class="meta" id="timing">{move || timing(state.get(), choice, results, live)}</p>
            <p class="meta" id="hint" class:mapped=move || maps.is_kept()>{move || hint(state.get(), maps)}</p>
            <DeviceNote />
            <div class="knows" class:roomy=has_larger>
                <p class="meta" id="classes">{move || classes(choice)}</p>
                {move || offer.get().map(|offer| view! { <Larger offer /> })}
            </div>
            <p class="sr-only" role="status" id="spoken">{move || spoken.get()}</p>
        </section>
    }
}

fn body(state: AnswerState, choice: Choice, device: Device, results: Results) -> AnyView {
    match state {
        AnswerState::Untrained => {
            let advice = choice.listed(|listed| words::trained_options(&listed.network().trained));
            view! { <Untrained advice /> }.into_any()
        }
        AnswerState::NoHead => view! { <NoHead /> }.into_any(),
        AnswerState::Fresh | AnswerState::Stale => ().into_any(),
        AnswerState::Missing => no_guesses(results),
        AnswerState::Failed => {
            let text = results
                .work
                .with(|work| if let Work::Failed(failure) = work { failure.reason.clone() } else { String::new() });
            let rest = "You can still use the drawing, the dial and the table.";
            view! { <Trouble title="This did not work" text rest /> }.into_any()
        }
        AnswerState::MissingGpu(kind) => {
            let text = device
                .gpu
                .with(|gpu| if let GpuState::Missing { text, .. } = gpu { text.clone() } else { String::new() });
            let rest = "You can still use the drawing, the dial and the table, and run the network on the CPU.";
            view! { <Trouble title=words::missing_gpu(kind) text rest /> }.into_any()
        }
    }
}

/// What the map over the picture means, where one is kept, or how to get one.
fn hint(state: AnswerState, maps: Maps) -> String {
    if maps.is_kept() {
        return maps.shown.with(|map| words::map_explained(maps.shown_kind(), map.as_ref()));
    }
    if state.shows_answer() { "Point at a bar to see where it comes from.".into() } else { "\u{a0}".into() }
}

/// The times of the answer that is shown.
fn timing(state: AnswerState, choice: Choice, results: Results, live: Live) -> String {
    if live.is_on.get() {
        return live.pace.with(|pace| pace.as_ref().map(words::pace)).unwrap_or_else(|| "\u{a0}".into());
    }
    let prepare = results.picture.with(|shown| shown.as_ref().map(|shown| shown.picture.prepare_ms));
    let is_trained = choice.is_trained();
    results.answer.with(|answer| {
        let Some(answer) = answer.as_ref().filter(|_| is_trained && state.shows_answer()) else {
            return "\u{a0}".into();
        };
        let gpu = answer.gpu_ms.map(|ms| format!("GPU {} · ", number::milliseconds(ms)));
        let prepare = prepare.map(|ms| format!(" · preprocessing {}", number::milliseconds(ms)));
        let wall = number::milliseconds(answer.wall_ms);
        format!("{}total {wall}{}", gpu.unwrap_or_default(), prepare.unwrap_or_default())
    })
}

/// The classes it can tell apart: what the picture shows may not be among them.
fn classes(choice: Choice) -> String {
    choice.listed(|listed| {
        let network = listed.network();
        match &network.labels {
            Some(labels) if labels.len() <= 20 => {
                format!("It can only tell apart: {}.", labels.join(", "))
            }
            Some(labels) => format!("It can only tell apart {} classes.", labels.len()),
            // The names of its classes are in the file, which is still loading.
            None if network.preprocess.is_none() && !network.trained.is_empty() => "\u{a0}".into(),
            None => words::unnamed_classes(&network.config),
        }
    })
}

/// One sentence for a screen reader when there is a new answer; of a moving picture the likeliest class alone, where it is likely.
fn spoken(state: AnswerState, results: Results, is_live: bool) -> String {
    match state {
        AnswerState::Fresh => results.answer.with(|answer| {
            let best = answer.as_ref().and_then(|answer| answer.top.first());
            match best {
                Some((label, share)) if is_live => {
                    if *share > 0.5 {
                        label.clone()
                    } else {
                        String::new()
                    }
                }
                Some((label, share)) => format!("{label}, {}", number::percent(f64::from(*share))),
                None => String::new(),
            }
        }),
        AnswerState::Untrained => "No trained weights: timing only".into(),
        AnswerState::NoHead => words::NO_HEAD.into(),
        _ => String::new(),
    }
}
