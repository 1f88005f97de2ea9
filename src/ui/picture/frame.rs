//! The picture in its frame, which is a button to choose another.

use leptos::prelude::*;

use super::map::MapOver;
use crate::protocol::Picture;
use crate::ui::client::Client;
use crate::ui::state::Results;
use crate::ui::widgets::FileInput;
use crate::view::number::px;

/// What the dialog offers. Names decide there; afterwards the first bytes do.
const FILES: &str = "image/*,.avif,.heic,.heif,.safetensors,.pth,.pt,.ckpt,.bin,.tar,.json,.txt";

#[component]
pub(crate) fn Frame() -> impl IntoView {
    let results = expect_context::<Results>();
    let client = expect_context::<Client>();
    let shown = move || {
        results.picture.get().map(|shown| {
            view! {
                <img src=shown.url alt=shown.picture.request.alt.clone() />
                <Crop picture=shown.picture />
            }
        })
    };
    view! {
        <label class="frame" class:waiting=move || results.preparing.get()>
            <FileInput
                id="choose"
                accept=FILES
                label="Choose pictures, or a network with its config.json"
                on_choose=move |files| {
                    client.take_files(files);
                }
            />
            {shown}
            <span class="choose" aria-hidden="true">"Choose a file"</span>
        </label>
    }
}

/// The square that the network looks at, over a picture that is shown whole.
#[component]
fn Crop(picture: Picture) -> impl IntoView {
    let (width, height) = (f64::from(picture.width), f64::from(picture.height));
    let side = width.min(height) * picture.crop_share.min(1.0);
    let (x, y) = ((width - side) / 2.0, (height - side) / 2.0);
    let (right, bottom) = (px(x + side), px(y + side));
    let [x, y, side] = [x, y, side].map(px);
    let (width, height) = (picture.width, picture.height);
    let shade = format!("M0 0H{width}V{height}H0ZM{x} {y}V{bottom}H{right}V{y}Z");
    view! {
        <svg class="crop" viewBox=format!("0 0 {width} {height}") preserveAspectRatio="xMidYMid meet" aria-hidden="true">
            <path class="shade" d=shade fill-rule="evenodd" />
            <MapOver x=x.clone() y=y.clone() side=side.clone() />
            <rect x=x y=y width=side.clone() height=side />
        </svg>
    }
}
