//! The accuracy in numbers, and beside it the accuracy of other settings.

use leptos::prelude::*;

use super::evaluation_state::EvaluationState;
use crate::protocol::{Backend, Evaluation};
use crate::ui::state::{Choice, Results};
use crate::view::confusion::Confusion;
use crate::view::number;
use crate::zoo::FILE_ID;

#[component]
pub(crate) fn Outcome(state: Signal<EvaluationState>, confusion: Memo<Confusion>) -> impl IntoView {
    let choice = expect_context::<Choice>();
    let now = expect_context::<Results>().evaluation_now;
    let score = move || confusion.with(Confusion::score);
    let stated = move || choice.weights.with(|weights| weights.as_ref().and_then(|weights| weights.top1));
    let pace = move || {
        now.with(|now| {
            let now = now.as_ref()?;
            let rate = number::significant(now.answers.len() as f64 / now.ms * 1000.0);
            Some(format!("{rate} pictures per second on this machine"))
        })
    };
    // For a screen reader: once, when it is done.
    let spoken =
        move || (state.get() == EvaluationState::Done).then(|| format!("{}, {}", score().counted(), score().percent()));
    view! {
        <p id="score" class="num">{move || score().counted()}</p>
        <p id="percent" class="num">{move || score().percent()}</p>
        <p id="stated" class="meta">{move || score().beside(stated())}</p>
        <p id="pace" class="meta num">{pace}</p>
        <p id="sample" class="meta">
            "The first 20 pictures of each class of CIFAR-10’s test set (Krizhevsky, 2009), chosen before any network saw them. \
             ± is the standard error: about two in three such samples fall within it."
        </p>
        <p id="spoken-accuracy" class="sr-only" role="status">{spoken}</p>
    }
}

/// The settings measured so far, where there are at least two to compare.
#[component]
pub(crate) fn Compared() -> impl IntoView {
    let choice = expect_context::<Choice>();
    let all = expect_context::<Results>().evaluations;
    let line = move |of: &Evaluation| view! { <p class="meta num compared">{line(choice, of)}</p> };
    move || all.with(|all| (all.len() > 1).then(|| all.iter().map(line).collect_view()))
}

/// `ResNeXt-20 8×8d, fused, f32: 183 of 200 right, 91.5 %`
fn line(choice: Choice, evaluation: &Evaluation) -> String {
    let setting = &evaluation.setting;
    // A file has a name of its own.
    let name = choice.networks.with(|networks| {
        let file = networks.get(setting.network).map(|listed| listed.network()).filter(|network| network.id == FILE_ID);
        file.map_or_else(|| setting.config.title(), |file| file.title.clone())
    });
    let score = Confusion::of_evaluation(evaluation).score();
    let share = score.share().map_or(0.0, |(share, _)| share);
    let on = if setting.backend == Backend::Cpu { ", CPU" } else { "" };
    let plan = format!("{}, {}{on}", setting.plan, setting.weight_dtype);
    format!("{name}, {plan}: {}, {}", score.counted(), number::percent(share))
}
