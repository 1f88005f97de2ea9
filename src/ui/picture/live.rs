//! The video whose frames are classified, and the buttons that begin and end it.

use leptos::html;
use leptos::prelude::*;
use wasm_bindgen::JsCast;
use web_sys::{HtmlDetailsElement, HtmlElement, MouseEvent};

use crate::platform::{has_screen, play};
use crate::ui::client::Client;
use crate::ui::state::{Live, LiveInput, Media};
use crate::view::live::LiveKind;

#[component]
pub(crate) fn Video(input: LiveInput) -> impl IntoView {
    let live = expect_context::<Live>();
    let client = expect_context::<Client>();
    let element = NodeRef::<html::Video>::new();
    let kind = input.kind.name();
    Effect::new(move |_| {
        let Some(video) = element.get() else { return };
        // As an attribute it would not count for a video that a script makes.
        video.set_muted(true);
        match &input.media {
            Media::Stream(stream) => video.set_src_object(Some(stream)),
            Media::File(url) => video.set_src(url),
        }
        play(&video);
    });
    let shown = move |_| {
        if let Some(video) = element.get_untracked() {
            client.send_frames(video);
        }
    };
    view! {
        <video
            node_ref=element
            data-kind=kind
            class:on=move || live.is_on.get()
            aria-label="The moving picture"
            playsinline
            loop
            on:loadeddata=shown
            on:error=move |_| client.refuse_video()
            on:ended=move |_| client.input_ended()
        ></video>
    }
}

#[component]
pub(crate) fn LiveButtons() -> impl IntoView {
    let live = expect_context::<Live>();
    let client = expect_context::<Client>();
    let is_asked = move || live.asked.with(Option::is_some);
    let screen = has_screen();
    let buttons = move || {
        if live.input.with(Option::is_some) {
            view! {
                {move || {
                    live.has_other_camera.get().then(|| {
                        view! {
                            <button
                                type="button"
                                class="plain"
                                id="camera-turn"
                                title="Front or back: turn to the next camera"
                                disabled=is_asked
                                on:click=move |_| client.turn_camera()
                            >
                                "Other camera"
                            </button>
                        }
                    })
                }}
                <button
                    type="button"
                    class="plain"
                    id="live-stop"
                    title="Stop; the last picture stays"
                    on:click=move |_| {
                        client.stop_live();
                    }
                >
                    "Stop"
                </button>
            }
            .into_any()
        } else {
            view! {
                <Ask
                    kind=LiveKind::Camera
                    label="Camera"
                    title="Classify what a camera sees. Its pictures stay on this machine"
                    ask=Client::open_camera
                />
                {screen.then(|| {
                    view! {
                        <Ask
                            kind=LiveKind::Screen
                            label="Screen"
                            title="Classify what is in the middle of a screen, a window or a tab. It stays on this machine"
                            ask=Client::open_screen
                        />
                    }
                })}
            }
            .into_any()
        }
    };
    view! {
        <div class="live-buttons" class:on=move || live.input.with(Option::is_some)>
            {buttons}
            <button type="button" class="plain" id="teach-open" title="Teach the network your own classes" on:click=open_teaching>
                "Teach"
            </button>
        </div>
    }
}

/// Opens the panel at the foot of the page, and goes there.
fn open_teaching(_: MouseEvent) {
    let panel = document().get_element_by_id("teach").and_then(|panel| panel.dyn_into::<HtmlDetailsElement>().ok());
    let Some(panel) = panel else { return };
    panel.set_open(true);
    panel.scroll_into_view();
    let summary = panel.query_selector("summary").ok().flatten();
    if let Some(summary) = summary.and_then(|summary| summary.dyn_into::<HtmlElement>().ok()) {
        // It is in the document and can be focused.
        let _ = summary.focus();
    }
}

/// A button that asks the browser for frames of this kind.
#[component]
fn Ask(kind: LiveKind, label: &'static str, title: &'static str, ask: fn(Client)) -> impl IntoView {
    let asked = expect_context::<Live>().asked;
    let client = expect_context::<Client>();
    view! {
        <button
            type="button"
            class="plain"
            id=kind.name()
            title=title
            disabled=move || asked.get().is_some()
            aria-busy=move || (asked.get() == Some(kind)).to_string()
            on:click=move |_| ask(client)
        >
            {label}
        </button>
    }
}
