//! The pixels that the network sees: the picture resized and cropped.

use leptos::html;
use leptos::prelude::*;

use crate::ui::state::Results;
use crate::ui::widgets::draw_pixels;

#[component]
pub(crate) fn Seen() -> impl IntoView {
    let picture = expect_context::<Results>().picture;
    let canvas = NodeRef::<html::Canvas>::new();
    Effect::new(move |_| {
        if let Some(canvas) = canvas.get() {
            picture.with(|shown| shown.as_ref().map(|shown| draw_pixels(&canvas, &shown.seen, shown.picture.side)));
        }
    });
    let side = move || picture.with(|shown| shown.as_ref().map(|shown| format!("{0}×{0}", shown.picture.side)));
    view! {
        <figure id="saw" data-side=side>
            <canvas node_ref=canvas role="img" aria-label="What the network saw"></canvas>
            <figcaption>"what the network saw" <br /> {move || side().unwrap_or_default()} " pixels"</figcaption>
        </figure>
    }
}
