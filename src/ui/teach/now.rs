//! What is on the page now and what the network takes it for, so that the effect of teaching is seen where one teaches.

use leptos::html;
use leptos::prelude::*;

use crate::platform::play;
use crate::ui::client::Client;
use crate::ui::state::{Live, Media, Results};
use crate::view::number;

/// Answers that are shown.
const SHOWN: usize = 3;

#[component]
pub(super) fn Now() -> impl IntoView {
    let live = expect_context::<Live>();
    let results = expect_context::<Results>();
    let client = expect_context::<Client>();
    let url = Memo::new(move |_| results.picture.with(|shown| shown.as_ref().map(|shown| shown.url.clone())));
    let picture = move || {
        let stream = live.input.with(|input| match input.as_ref().map(|input| input.media.clone()) {
            Some(Media::Stream(stream)) => Some(stream),
            _ => None,
        });
        match stream {
            Some(stream) => {
                let element = NodeRef::<html::Video>::new();
                Effect::new(move |_| {
                    let Some(video) = element.get() else { return };
                    video.set_muted(true);
                    video.set_src_object(Some(&stream));
                    play(&video);
                });
                view! { <video node_ref=element aria-hidden="true" playsinline></video> }.into_any()
            }
            None => url.get().filter(|url| !url.is_empty()).map(|url| view! { <img src=url alt="" /> }).into_any(),
        }
    };
    let answers = move || {
        results.answer.with(|answer| {
            let top = answer.iter().flat_map(|answer| answer.top.iter().take(SHOWN));
            top.map(|(name, share)| {
                view! {
                    <li>
                        <span>{name.clone()}</span>
                        <b class="num">{number::percent(f64::from(*share))}</b>
                        <progress max="1" value=share.to_string() aria-hidden="true"></progress>
                    </li>
                }
            })
            .collect_view()
        })
    };
    let is_still = move || live.input.with(Option::is_none);
    view! {
        <div class="now">
            <div class="shown">{picture}</div>
            <div>
                <h3>"On the page now"</h3>
                <ol id="teach-now">{answers}</ol>
            </div>
            <button type="button" class="plain" id="teach-camera" hidden=move || !is_still() on:click=move |_| client.open_camera()>
                "Use the camera"
            </button>
            <button
                type="button"
                class="plain"
                id="teach-stop"
                hidden=is_still
                on:click=move |_| {
                    client.stop_live();
                }
            >
                "Stop"
            </button>
        </div>
    }
}
