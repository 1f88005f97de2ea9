//! The button that measures, and how far it is.

use leptos::prelude::*;

use super::stage::Stage;
use crate::ui::client::Client;
use crate::view::confusion::Confusion;
use crate::zoo::test_set::PICTURES;

#[component]
pub(crate) fn Controls(stage: Signal<Stage>, confusion: Memo<Confusion>) -> impl IntoView {
    let client = expect_context::<Client>();
    let press = move |_| match stage.get_untracked() {
        Stage::Running => client.stop_evaluating(),
        _ => client.evaluate(),
    };
    view! {
        <div class="controls" id="measuring" data-state=move || stage.get().name()>
            <button
                type="button"
                id="measure"
                class="plain"
                disabled=move || stage.get() == Stage::Waiting
                on:click=press
            >
                {move || stage.get().action()}
            </button>
            <progress
                max=PICTURES.to_string()
                value=move || confusion.with(Confusion::total).to_string()
                aria-label="test pictures answered"
            ></progress>
        </div>
    }
}
