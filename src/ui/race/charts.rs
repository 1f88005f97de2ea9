//! Loss and test accuracy of both networks, as they come.

use leptos::html;
use leptos::prelude::*;

use crate::ui::state::Race;
use crate::ui::widgets::width_of;
use crate::view::race::{USUAL_WIDTH, accuracy_chart, loss_chart};
use crate::view::words;

#[component]
pub(super) fn Charts() -> impl IntoView {
    let Race { facts, curves, .. } = expect_context::<Race>();
    let frame = NodeRef::<html::Div>::new();
    let width = width_of(frame, 0.0, USUAL_WIDTH);
    let loss = move || {
        let facts = facts.get()?;
        let told = curves.with(|curves| words::race_losses(&facts.networks, &curves.losses));
        Some(curves.with(|curves| loss_chart(&curves.losses, &facts, width.get(), &told)))
    };
    let accuracy = move || {
        let facts = facts.get()?;
        let told = curves.with(|curves| words::race_accuracies(&facts.networks, curves.tests.last()));
        Some(curves.with(|curves| accuracy_chart(&curves.tests, &facts, width.get(), &told)))
    };
    view! {
        <div class="race-charts">
            <figure>
                <figcaption>"Loss of each step, smoothed. Lower is better."</figcaption>
                <div node_ref=frame inner_html=loss></div>
            </figure>
            <figure>
                <figcaption>"Test pictures that are right, in percent. Higher is better."</figcaption>
                <div inner_html=accuracy></div>
            </figure>
        </div>
    }
}
