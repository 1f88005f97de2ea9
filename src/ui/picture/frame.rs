//! The picture in its frame, which is a button to choose another; or the video that moves.

use leptos::prelude::*;

use super::live::Video;
use super::map::MapOver;
use crate::ui::client::Client;
use crate::ui::state::{Live, Results};
use crate::ui::widgets::FileInput;
use crate::view::number::px;

/// What the dialog offers. Names decide there; afterwards the first bytes do.
const FILES: &str = "image/*,video/*,.avif,.heic,.heif,.safetensors,.pth,.pt,.ckpt,.bin,.tar,.json,.txt";

#[component]
pub(crate) fn Frame() -> impl IntoView {
    let results = expect_context::<Results>();
    let live = expect_context::<Live>();
    let client = expect_context::<Client>();
    let image = Memo::new(move |_| {
        results.picture.with(|shown| {
            let shown = shown.as_ref().filter(|shown| !shown.url.is_empty())?;
            Some((shown.url.clone(), shown.picture.request.alt.clone()))
        })
    });
    view! {
            <label class="frame" class:waiting=move || results.preparing.get()>
                <FileInput
                    id="choose"
                    accept=FILES
                    label="Choose pictures or a video, or a network with its config.json"
                    on_choose=move |files| {
                        client.take_files(files);
                    }
                />
                {move || image.get().map(|(url, alt)| view! { <img src=url alt=alt /> })}
                {move || live.input.get().map(|input| view! { <Video input /> })}
                <Crop />
                <span class="choose" class:gone=move || live.is_on.get() aria-hidden="true">
                    <span>"Drop, paste, or "</span>
                    "choose"
                </span>
            </label>
    }
}

/// The square that the network looks at, over a picture that is shown whole.
#[component]
fn Crop() -> impl IntoView {
    let results = expect_context::<Results>();
    // Frames are alike.
    let shape = Memo::new(move |_| {
        results.picture.with(|shown| {
            let picture = &shown.as_ref()?.picture;
            Some((picture.width, picture.height, picture.crop_share))
        })
    });
    move || {
        let (columns, rows, crop_share) = shape.get()?;
        let (width, height) = (f64::from(columns), f64::from(rows));
        let side = width.min(height) * crop_share.min(1.0);
        let (x, y) = ((width - side) / 2.0, (height - side) / 2.0);
        let (right, bottom) = (px(x + side), px(y + side));
        let [x, y, side] = [x, y, side].map(px);
        let shade = format!("M0 0H{columns}V{rows}H0ZM{x} {y}V{bottom}H{right}V{y}Z");
        Some(view! {
            <svg class="crop" viewBox=format!("0 0 {columns} {rows}") preserveAspectRatio="xMidYMid meet" aria-hidden="true">
                <path class="shade" d=shade fill-rule="evenodd" />
                <MapOver x=x.clone() y=y.clone() side=side.clone() />
                <rect x=x y=y width=side.clone() height=side />
            </svg>
        })
    }
}
