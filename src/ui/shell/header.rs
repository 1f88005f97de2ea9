//! The top line: name, what is being done, device, and a link to what is shown.

use leptos::prelude::*;
use wasm_bindgen::JsCast;
use web_sys::{HtmlElement, MouseEvent};

use super::copy_link::CopyLink;
use crate::protocol::Work;
use crate::ui::state::{Device, Results, Walk};
use crate::view::words;

#[component]
pub(crate) fn Header() -> impl IntoView {
    let gpu = expect_context::<Device>().gpu;
    view! {
        <a id="skip" class="plain" href="#cardinality" on:click=skip>"Skip to the dial"</a>
        <header>
            <h1>"Cardin"<b>"al"</b></h1>
            // A phone shows the second half only.
            <p><span>"A neural network that recognises pictures, run "</span>"on your own machine. Nothing leaves it."</p>
            <div class="chips">
                <State />
                <span
                    id="adapter"
                    class="chip"
                    data-state=move || gpu.with(words::gpu_state)
                    title=move || gpu.with(words::gpu_explained)
                >
                    {move || gpu.with(words::gpu)}
                </span>
                <WalkLink />
                <CopyLink />
            </div>
        </header>
    }
}

/// Focuses the dial's chosen stop. Following the link would put a fragment into the address.
fn skip(event: MouseEvent) {
    event.prevent_default();
    let stop = document().query_selector("#cardinality :checked").ok().flatten();
    if let Some(stop) = stop.and_then(|stop| stop.dyn_into::<HtmlElement>().ok()) {
        // It is in the document and can be focused.
        let _ = stop.focus();
    }
}

/// Opens the walk through the page. To a new visitor it is offered, once.
#[component]
fn WalkLink() -> impl IntoView {
    let walk = expect_context::<Walk>();
    let is_new = move || walk.is_offered.get();
    // Both texts lie in the same place, so that nothing moves.
    view! {
        <a id="walk-link" class="plain" class:new=is_new href="?walk=1" title="Six short steps through this page" on:click=move |event| walk.follow(&event, 1)>
            // A phone shows the first half only.
            <span class="offer">"New here? "<b>"Walk through"</b></span>
            <span class="usual">"Walk through"</span>
        </a>
    }
}

#[component]
fn State() -> impl IntoView {
    let work = expect_context::<Results>().work_now;
    let is_busy = move || work.with(|work| !matches!(work, Work::Ready | Work::Failed(_)));
    let share = move || if is_busy() { work.with(Work::share).unwrap_or(0.0) } else { 1.0 };
    let text = move || {
        work.with(|work| match work {
            // The reason is shown in the answer's place.
            Work::Failed(_) => "stopped".into(),
            work => words::work(work),
        })
    };
    view! {
        <span id="state" class="state" data-state=move || work.with(Work::phase)>
            <span>{text}</span>
            <progress max="1" aria-label="progress" class:idle=move || !is_busy() prop:value=share></progress>
        </span>
    }
}
