//! The top line: name, what is being done, device with what its self-check has found, and a link to what is shown.

use leptos::prelude::*;
use wasm_bindgen::JsCast;
use web_sys::{HtmlElement, MouseEvent};

use crate::protocol::Work;
use crate::ui::state::{Choice, Device, Results, Walk};
use crate::ui::widgets::{CopyText, Term};
use crate::view::words;

#[component]
pub(crate) fn Header() -> impl IntoView {
    view! {
        <a id="skip" class="plain" href="#cardinality" on:click=skip>"Skip to the dial"</a>
        <header>
            <h1>"Cardin"<b>"al"</b></h1>
            // A phone shows the second half only.
            <p><span>"A neural network that recognises pictures, run "</span>"on your own machine. Nothing leaves it."</p>
            <div class="chips">
                <State />
                <Adapter />
                <WalkLink />
                <CopyText
                    id="copy-link"
                    field="link"
                    label="Copy link"
                    what="Link to copy"
                    said="Link copied"
                    // It holds every choice.
                    text=Box::new(|| window().location().href().unwrap_or_default())
                />
            </div>
        </header>
    }
}

/// The GPU, with a mark once its kernels have been checked; what was checked is told where it is pointed at.
#[component]
fn Adapter() -> impl IntoView {
    let Device { gpu, checked, .. } = expect_context();
    let choice = expect_context::<Choice>();
    let check = move || checked.get().filter(|check| choice.setting.with(|setting| *setting == check.setting));
    let mark = move || check().map(|check| if check.failed().is_none() { "passed" } else { "failed" });
    let explained = move || {
        let found = check().as_ref().map(words::self_check);
        [Some(gpu.with(words::gpu_explained)), found].into_iter().flatten().collect::<Vec<_>>().join(" ")
    };
    view! {
        <span id="adapter" class="chip" data-state=move || gpu.with(words::gpu_state) data-check=mark>
            <Term id="adapter-told" text=Signal::derive(move || gpu.with(words::gpu)) explained=Signal::derive(explained) />
        </span>
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
