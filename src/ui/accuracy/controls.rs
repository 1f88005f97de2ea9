//! The button that starts and stops the measurement, and its progress.

use leptos::prelude::*;

use super::evaluation_state::EvaluationState;
use crate::ui::client::Client;
use crate::view::confusion::Confusion;
use crate::zoo::cifar10::TEST;

#[component]
pub(crate) fn Controls(state: Signal<EvaluationState>, confusion: Memo<Confusion>) -> impl IntoView {
    let client = expect_context::<Client>();
    let press = move |_| match state.get_untracked() {
        EvaluationState::Running => client.stop_evaluating(),
        _ => client.evaluate(),
    };
    view! {
        <div class="controls" id="measuring" data-state=move || state.get().name()>
            <button
                type="button"
                id="measure"
                class="plain"
                disabled=move || state.get() == EvaluationState::Waiting
                on:click=press
            >
                {move || state.get().action()}
            </button>
            <progress
                max=TEST.pictures.to_string()
                value=move || confusion.with(Confusion::total).to_string()
                aria-label="test pictures answered"
            ></progress>
        </div>
    }
}
