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
    let cut = Memo::new(move |_| {
        results.picture.with(|shown| {
            let picture = &shown.as_ref()?.picture;
            Some(Cut::of(picture.width, picture.height, picture.crop_share))
        })
    });
    let part = move |part: fn(&Cut) -> &String| move || cut.with(|cut| cut.as_ref().map(|cut| part(cut).clone()));
    let has_picture = Memo::new(move |_| cut.with(Option::is_some));
    // Drawn once, and changed from picture to picture.
    move || {
        has_picture.get().then(|| {
            let [x, y, side] = [part(|cut| &cut.x), part(|cut| &cut.y), part(|cut| &cut.side)].map(Signal::derive);
            view! {
                <svg class="crop" viewBox=part(|cut| &cut.view) preserveAspectRatio="xMidYMid meet" aria-hidden="true">
                    <path class="shade" d=part(|cut| &cut.shade) fill-rule="evenodd" />
                    <MapOver x y side />
                    <rect x=move || x.get() y=move || y.get() width=move || side.get() height=move || side.get() />
                </svg>
            }
        })
    }
}

/// The square in a picture's own coordinates, as attributes of a drawing.
#[derive(Clone, Debug, PartialEq)]
struct Cut {
    view: String,
    /// All that lies outside of the square.
    shade: String,
    x: String,
    y: String,
    side: String,
}

impl Cut {
    fn of(columns: u32, rows: u32, crop_share: f64) -> Self {
        let (width, height) = (f64::from(columns), f64::from(rows));
        let side = width.min(height) * crop_share.min(1.0);
        let (x, y) = ((width - side) / 2.0, (height - side) / 2.0);
        let (right, bottom) = (px(x + side), px(y + side));
        let [x, y, side] = [x, y, side].map(px);
        let shade = format!("M0 0H{columns}V{rows}H0ZM{x} {y}V{bottom}H{right}V{y}Z");
        Self { view: format!("0 0 {columns} {rows}"), shade, x, y, side }
    }
}
