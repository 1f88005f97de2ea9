//! The five likeliest classes, or empty rows before the first answer.

use leptos::prelude::*;

use crate::protocol::{Answer, Work};
use crate::ui::state::{Maps, Results};
use crate::view::{number, words};

#[component]
pub(crate) fn Guesses(answer: Answer) -> impl IntoView {
    let maps = expect_context::<Maps>();
    let row = |(place, (label, probability)): (usize, &(String, f32))| {
        let share = f64::from(*probability);
        view! {
            <li data-label=label.clone() data-probability=format!("{share:.6}")>
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
                    <span class="name">{label.clone()}</span>
                    <span class="pct">{number::percent(share)}</span>
                    <span class="bar"><i style:width=format!("{:.2}%", share * 100.0)></i></span>
                </button>
            </li>
        }
    };
    // Every class's logit, for comparisons with other engines.
    let logits: Vec<String> = answer.logits.iter().map(|&logit| format!("{:.7}", f64::from(logit))).collect();
    view! { <ol id="top" data-logits=logits.join(" ")>{answer.top.iter().enumerate().map(row).collect_view()}</ol> }
}

/// Empty rows before the first answer, so that nothing moves when it comes.
#[component]
pub(crate) fn NoGuesses() -> impl IntoView {
    let results = expect_context::<Results>();
    let first = move || {
        results.work_now.with(|work| match work {
            Work::Ready if results.picture.with(Option::is_none) => "choose a picture".into(),
            Work::Ready | Work::Failed(_) => String::new(),
            work => words::work(work),
        })
    };
    let rows = (0..5).map(|row| {
        view! {
            <li>
                <span class="name">{move || if row == 0 { first() } else { "\u{a0}".into() }}</span>
                <span class="pct"></span>
                <span class="bar"></span>
            </li>
        }
    });
    view! { <ol class="empty">{rows.collect_view()}</ol> }
}
