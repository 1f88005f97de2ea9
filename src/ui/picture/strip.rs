//! The film strip: the visitor's pictures, where there are several, in the place of the samples.

use leptos::prelude::*;

use crate::ui::client::Client;
use crate::ui::state::{Results, Strip, StripPicture};
use crate::ui::widgets::OneTabStop;

#[component]
pub(crate) fn FilmStrip() -> impl IntoView {
    let strip = expect_context::<Strip>();
    let close = move |_| strip.fill(Vec::new());
    move || {
        let pictures = strip.pictures.get();
        let count = pictures.len();
        let thumbs = pictures.into_iter().enumerate();
        let thumbs = thumbs.map(|(place, picture)| view! { <Thumb place picture /> }).collect_view();
        (count > 0).then(|| {
            view! {
                <OneTabStop class="film" label="Your pictures">
                    <div class="samples">
                        {thumbs}
                        <span class="meta">{format!("Your {count} pictures")}</span>
                        <button type="button" id="strip-close" class="text" tabindex="-1" on:click=close>
                            "Back to the samples"
                        </button>
                    </div>
                </OneTabStop>
            }
        })
    }
}

#[component]
fn Thumb(place: usize, picture: StripPicture) -> impl IntoView {
    let chosen = expect_context::<Strip>().chosen;
    let shown = expect_context::<Results>().picture;
    let client = expect_context::<Client>();
    let number = move || shown.with(|shown| shown.as_ref().map(|shown| shown.picture.request.id));
    let on = move || chosen.get().is_some_and(|(at, id)| at == place && number() == Some(id));
    let choose = move || {
        if chosen.get_untracked().is_none_or(|(at, _)| at != place) {
            client.show_of_strip(place);
        }
    };
    let name = picture.file.name();
    let alt = name.clone();
    // Its place is what the arrow keys step through: who stands on a picture sees its answer.
    view! {
        <button type="button" class:on=on data-strip=place.to_string() title=name
            aria-pressed=move || on().to_string()
            tabindex=if place == 0 { "0" } else { "-1" }
            on:focus=move |_| choose()
            on:click=move |_| choose()
        >
            <img src=picture.url alt=alt loading="lazy" />
        </button>
    }
}
