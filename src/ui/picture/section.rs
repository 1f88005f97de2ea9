//! The region's frame, and the line under the picture.

use leptos::prelude::*;

use super::frame::Frame;
use super::live::LiveButtons;
use super::map_panel::MapPanel;
use super::samples::Samples;
use super::seen::Seen;
use super::strip::FilmStrip;
use crate::protocol::{Credit, Picture};
use crate::ui::state::{Maps, Results, Strip};

#[component]
pub(crate) fn PictureSection() -> impl IntoView {
    let picture = expect_context::<Results>().picture;
    let maps = expect_context::<Maps>();
    let strip = expect_context::<Strip>().pictures;
    let has_strip = move || strip.with(|pictures| !pictures.is_empty());
    let title = move || picture.with(|shown| shown.as_ref().map(|shown| shown.picture.request.title.clone()));
    // Frames have the same name, and only other numbers.
    let named = Memo::new(move |_| {
        picture.with(|shown| {
            let Picture { request, width, height, .. } = &shown.as_ref()?.picture;
            Some((request.title.clone(), (*width, *height), request.credit.clone()))
        })
    });
    view! {
        <section id="picture" aria-labelledby="picture-title" data-picture=move || title().unwrap_or_default()>
            <h2 id="picture-title">"Picture"</h2>
            <div class="views">
                <Frame />
                <Seen />
            </div>
            <div class="under" class:mapped=move || maps.is_kept()>
                <p class="caption" id="picture-caption">
                    {move || named.get().map_or_else(nothing, caption)}
                </p>
                <div class="choices" class:filmed=has_strip>
                    <Samples />
                    <FilmStrip />
                </div>
                <MapPanel />
            </div>
            <LiveButtons />
        </section>
    }
}

fn nothing() -> AnyView {
    "Nothing chosen yet".into_any()
}

fn caption((title, (width, height), credit): (String, (u32, u32), Option<Credit>)) -> AnyView {
    let size = format!(" · {width}×{height}");
    let credit = credit.map(|credit| {
        view! {
            " · "
            <a href=credit.source target="_blank" rel="noreferrer">{name(&credit.author)}</a>
            ", "
            {credit.licence}
        }
    });
    view! { <b>{title}</b> {size} {credit} }.into_any()
}

/// The name, without the citation that may follow it; the link leads to all of it.
fn name(author: &str) -> String {
    author.split(';').next().unwrap_or(author).to_owned()
}
