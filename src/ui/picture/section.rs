//! The region's frame, and the line under the picture.

use leptos::prelude::*;

use super::frame::Frame;
use super::map_panel::MapPanel;
use super::samples::Samples;
use super::seen::Seen;
use super::strip::FilmStrip;
use crate::ui::state::{Maps, Results, ShownPicture, Strip};

#[component]
pub(crate) fn PictureSection() -> impl IntoView {
    let picture = expect_context::<Results>().picture;
    let maps = expect_context::<Maps>();
    let strip = expect_context::<Strip>().pictures;
    let has_strip = move || strip.with(|pictures| !pictures.is_empty());
    let title = move || picture.with(|shown| shown.as_ref().map(|shown| shown.picture.request.title.clone()));
    view! {
        <section id="picture" aria-labelledby="picture-title" data-picture=move || title().unwrap_or_default()>
            <h2 id="picture-title">"Picture " <span>"drop, paste, or choose"</span></h2>
            <div class="views">
                <Frame />
                <Seen />
            </div>
            <div class="under" class:mapped=move || maps.is_kept()>
                <p class="caption" id="picture-caption">
                    {move || picture.with(|shown| shown.as_ref().map_or_else(nothing, caption))}
                </p>
                <div class="choices" class:filmed=has_strip>
                    <Samples />
                    <FilmStrip />
                </div>
                <MapPanel />
            </div>
        </section>
    }
}

fn nothing() -> AnyView {
    "Nothing chosen yet".into_any()
}

fn caption(shown: &ShownPicture) -> AnyView {
    let picture = &shown.picture;
    let size = format!(" · {}×{}", picture.width, picture.height);
    let credit = picture.request.credit.clone().map(|credit| {
        view! {
            " · "
            <a href=credit.source target="_blank" rel="noreferrer">{name(&credit.author)}</a>
            ", "
            {credit.licence}
        }
    });
    view! { <b>{picture.request.title.clone()}</b> {size} {credit} }.into_any()
}

/// The name, without the citation that may follow it; the link leads to all of it.
fn name(author: &str) -> String {
    author.split(';').next().unwrap_or(author).to_owned()
}
