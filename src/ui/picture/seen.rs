//! The pixels that the network sees: the picture resized and cropped.

use leptos::html;
use leptos::prelude::*;
use wasm_bindgen::{Clamped, JsCast};
use web_sys::{CanvasRenderingContext2d, HtmlCanvasElement, ImageData};

use crate::ui::state::{Results, ShownPicture};

#[component]
pub(crate) fn Seen() -> impl IntoView {
    let picture = expect_context::<Results>().picture;
    let canvas = NodeRef::<html::Canvas>::new();
    Effect::new(move |_| {
        if let Some(canvas) = canvas.get() {
            picture.with(|shown| shown.as_ref().map(|shown| draw(&canvas, shown)));
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

/// A canvas that cannot be drawn on stays empty; the answer does not depend on it.
fn draw(canvas: &HtmlCanvasElement, shown: &ShownPicture) {
    let side = shown.picture.side;
    canvas.set_width(side);
    canvas.set_height(side);
    let pixels = ImageData::new_with_u8_clamped_array_and_sh(Clamped(&shown.seen), side, side);
    let context = canvas.get_context("2d").ok().flatten().map(JsCast::unchecked_into::<CanvasRenderingContext2d>);
    if let (Ok(pixels), Some(context)) = (pixels, context) {
        let _ = context.put_image_data(&pixels, 0.0, 0.0);
    }
}
