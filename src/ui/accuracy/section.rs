//! The region's frame: controls, numbers, matrix and mistakes, or why there are none.

use leptos::prelude::*;

use super::controls::Controls;
use super::mistakes::Mistakes;
use super::outcome::{Compared, Outcome};
use super::stage::Stage;
use crate::ui::state::{Choice, Device, Results};
use crate::view::confusion::Confusion;

#[component]
pub(crate) fn AccuracySection() -> impl IntoView {
    let choice = expect_context::<Choice>();
    let device = expect_context::<Device>();
    let results = expect_context::<Results>();
    let stage = Memo::new(move |_| Stage::now(choice, device, results));
    let obstacle = Memo::new(move |_| stage.get().err());
    let body = move || match obstacle.get() {
        Some(obstacle) => view! { <p id="hindered" class="meta">{obstacle.words()}</p> }.into_any(),
        None => {
            view! { <Measurement stage=Signal::derive(move || stage.get().unwrap_or(Stage::Waiting)) /> }.into_any()
        }
    };
    view! {
        <section id="accuracy" aria-labelledby="accuracy-title">
            <h2 id="accuracy-title">"Accuracy " <span>"how often it is right"</span></h2>
            {body}
        </section>
    }
}

#[component]
fn Measurement(stage: Signal<Stage>) -> impl IntoView {
    let now = expect_context::<Results>().evaluation_now;
    let confusion = Memo::new(move |_| now.with(|now| now.as_ref().map(Confusion::of_evaluation).unwrap_or_default()));
    view! {
        <div class="exam">
            <div>
                <Controls stage confusion />
                <Outcome stage confusion />
                <Compared />
            </div>
            <div class="scroll" inner_html=move || confusion.with(Confusion::html)></div>
            <Mistakes />
        </div>
    }
}
