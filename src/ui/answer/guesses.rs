//! The five likeliest classes, or empty rows before the first answer.

use leptos::prelude::*;

use crate::protocol::{Answer, Work};
use crate::ui::state::{Maps, Results};
use crate::view::{number, words};

/// Built once, and hidden where there is no answer.
#[component]
pub(super) fn Guesses(#[prop(into)] is_shown: Signal<bool>) -> impl IntoView {
    let answer = expect_context::<Results>().answer;
    let count = Memo::new(move |_| answer.with(|answer| answer.as_ref().map_or(0, |answer| answer.top.len())));
    // Every class's logit, for comparisons with other engines.
    let logits = move || {
        let text = |logit: &f32| format!("{:.7}", f64::from(*logit));
        let all = answer.with(|answer| answer.iter().flat_map(|answer| &answer.logits).map(text).collect::<Vec<_>>());
        all.join(" ")
    };
    view! { <ol id="top" hidden=move || !is_shown.get() data-logits=logits>{move || (0..count.get()).map(|place| view! { <Guess place /> }).collect_view()}</ol> }
}

/// One row. It stays while answers change, and so does the focus on it.
#[component]
fn Guess(place: usize) -> impl IntoView {
    let maps = expect_context::<Maps>();
    let answer = expect_context::<Results>().answer;
    let guess = Memo::new(move |_| {
        let of = |answer: &Answer| answer.top.get(place).cloned();
        answer.with(|answer| answer.as_ref().and_then(of)).unwrap_or_default()
    });
    let label = Memo::new(move |_| guess.get().0);
    let share = move || f64::from(guess.get().1);
    view! {
        <li data-label=move || label.get() data-probability=move || format!("{:.6}", share())>
            <button
                type="button"
                class="guess"
                title="Show where in the picture it comes from"
                aria-pressed=move || (maps.chosen.get() == Some(place)).to_string()
                on:mouseenter=move |_| maps.point(place)
                on:mouseleave=move |_| maps.leave()
                on:focus=move |_| maps.point(place)
                on:blur=move |_| maps.leave()
                on:click=move |_| maps.choose(place)
            >
                <span class="name">{move || label.get()}</span>
                <span class="pct">{move || number::percent(share())}</span>
                <span class="bar"><i style:width=move || format!("{:.2}%", share() * 100.0)></i></span>
            </button>
        </li>
    }
}

/// Empty rows before the first answer, so that nothing moves when it comes.
pub(super) fn no_guesses(results: Results) -> AnyView {
    let first = results.work_now.with(|work| match work {
        Work::Ready if results.picture.with(Option::is_none) => "choose a picture".into(),
        Work::Ready | Work::Failed(_) => String::new(),
        work => words::work(work),
    });
    let row = |name: String| {
        view! {
            <li>
                <span class="name">{name}</span>
                <span class="pct"></span>
                <span class="bar"></span>
            </li>
        }
    };
    let others = (1..5).map(|_| "\u{a0}".to_owned());
    view! { <ol class="empty">{std::iter::once(first).chain(others).map(row).collect_view()}</ol> }.into_any()
}
