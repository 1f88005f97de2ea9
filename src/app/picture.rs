//! The picture, what the network saw of it, and pictures to try.

use leptos::html;
use leptos::prelude::*;
use wasm_bindgen::{Clamped, JsCast};
use web_sys::{CanvasRenderingContext2d, Event, HtmlInputElement, ImageData};

use super::files;
use super::outcome::Picture;
use super::page::Page;
use super::samples::{self, Sample};
use crate::decimal::fixed;

pub fn section(page: Page, samples: RwSignal<Vec<Sample>>) -> AnyView {
    view! {
        <section id="picture" aria-labelledby="picture-title" data-picture=move || page.picture.with(title)>
            <h2 id="picture-title">"Picture " <span>"drop, paste, or choose"</span></h2>
            <div class="views">
                {frame(page)}
                {saw(page)}
            </div>
            <p class="caption" id="picture-caption">{move || page.picture.with(caption)}</p>
            {thumbs(page, samples)}
        </section>
    }
    .into_any()
}

fn title(picture: &Option<Picture>) -> String {
    picture.as_ref().map(|picture| picture.title.clone()).unwrap_or_default()
}

fn chosen(page: Page, event: &Event) {
    let Some(input) = event.target().and_then(|target| target.dyn_into::<HtmlInputElement>().ok()) else { return };
    files::take_list(page, input.files());
    // Else the same file chosen again would be no change.
    input.set_value("");
}

fn frame(page: Page) -> AnyView {
    let picture = move || {
        page.picture.get().map(|picture| {
            view! {
                <img src=picture.url.clone() alt=picture.alt.clone() />
                {crop(&picture)}
            }
            .into_any()
        })
    };
    view! {
        <label class="frame" class:waiting=move || page.preparing.get()>
            <input
                id="choose"
                type="file"
                accept="image/*,.safetensors"
                aria-label="Choose a picture, or a network as .safetensors"
                on:change=move |event| chosen(page, &event)
            />
            {picture}
            <span class="choose" aria-hidden="true">"Choose a file"</span>
        </label>
    }
    .into_any()
}

/// The square the network looks at, over a picture that is shown whole.
fn crop(picture: &Picture) -> AnyView {
    let (width, height) = (f64::from(picture.width), f64::from(picture.height));
    let side = width.min(height) * picture.crop_share.min(1.0);
    let (x, y) = ((width - side) / 2.0, (height - side) / 2.0);
    let (right, bottom) = (fixed(x + side, 1), fixed(y + side, 1));
    let [x, y, side] = [x, y, side].map(|length| fixed(length, 1));
    let (width, height) = (picture.width, picture.height);
    let shade = format!("M0 0H{width}V{height}H0ZM{x} {y}V{bottom}H{right}V{y}Z");
    view! {
        <svg class="crop" viewBox=format!("0 0 {width} {height}") preserveAspectRatio="xMidYMid meet" aria-hidden="true">
            <path class="shade" d=shade fill-rule="evenodd" />
            <rect x=x y=y width=side.clone() height=side />
        </svg>
    }
    .into_any()
}

fn saw(page: Page) -> AnyView {
    let canvas = NodeRef::<html::Canvas>::new();
    Effect::new(move |_| {
        let (Some(canvas), Some(picture)) = (canvas.get(), page.picture.get()) else { return };
        let (width, height) = (picture.seen.width() as u32, picture.seen.height() as u32);
        canvas.set_width(width);
        canvas.set_height(height);
        let rgba = picture.seen.to_rgba();
        let pixels = ImageData::new_with_u8_clamped_array_and_sh(Clamped(&rgba), width, height);
        let context = canvas.get_context("2d").ok().flatten().map(JsCast::unchecked_into::<CanvasRenderingContext2d>);
        if let (Ok(pixels), Some(context)) = (pixels, context) {
            // A canvas that cannot be drawn on stays empty; the answer does not hang on it.
            let _ = context.put_image_data(&pixels, 0.0, 0.0);
        }
    });
    let side = move || page.picture.with(|p| p.as_ref().map(|p| format!("{0}×{0}", p.seen.width())));
    view! {
        <figure id="saw" data-side=side>
            <canvas node_ref=canvas role="img" aria-label="What the network saw"></canvas>
            <figcaption>"what the network saw" <br /> {move || side().unwrap_or_default()} " pixels"</figcaption>
        </figure>
    }
    .into_any()
}

fn caption(picture: &Option<Picture>) -> AnyView {
    let Some(picture) = picture else { return view! { "Nothing chosen yet" }.into_any() };
    let size = format!(" · {}×{}", picture.width, picture.height);
    let credit = picture.credit.clone().map(|credit| {
        view! { " · " <a href=credit.source target="_blank" rel="noreferrer">{short(&credit.author)}</a> ", " {credit.licence} }
    });
    view! { <b>{picture.title.clone()}</b> {size} {credit} }.into_any()
}

/// The name, without the citation that may follow it; the link leads to all of it.
fn short(author: &str) -> String {
    author.split(';').next().unwrap_or(author).to_owned()
}

fn thumbs(page: Page, samples: RwSignal<Vec<Sample>>) -> AnyView {
    let thumb = move |sample: Sample| {
        let alt = sample.alt.clone();
        let on = move || page.picture.with(|picture| picture.as_ref().is_some_and(|picture| picture.alt == alt));
        let chosen = sample.clone();
        view! {
            <button
                type="button"
                class:on=on
                data-sample=sample.file.clone()
                title=sample.title.clone()
                on:click=move |_| samples::choose(page, chosen.clone())
            >
                <img src=sample.thumb_path() alt=format!("Sample: {}", sample.title) loading="lazy" />
            </button>
        }
        .into_any()
    };
    let row = move |small: bool| {
        move || samples.get().into_iter().filter(|sample| sample.is_small() == small).collect::<Vec<_>>()
    };
    view! {
        <div class="samples" role="group" aria-label="Sample photographs">
            <For each=row(false) key=|sample| sample.file.clone() children=thumb />
        </div>
        <div class="samples small" role="group" aria-label="Test pictures of CIFAR-10, 32×32">
            <For each=row(true) key=|sample| sample.file.clone() children=thumb />
        </div>
    }
    .into_any()
}
