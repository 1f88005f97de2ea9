//! The map over the picture, in the square that the network sees.

use leptos::prelude::*;
use wasm_bindgen::JsCast;
use web_sys::HtmlCanvasElement;

use crate::ui::state::Maps;
use crate::ui::widgets::draw_pixels;
use crate::view::map::Map;
use crate::view::words;

/// Pixels of a map's side before the browser scales it.
const SIDE: usize = 96;

/// `x`, `y` and `side` of the square in the coordinates of the surrounding drawing.
#[component]
pub(crate) fn MapOver(
    x: Signal<Option<String>>,
    y: Signal<Option<String>>,
    side: Signal<Option<String>>,
) -> impl IntoView {
    let maps = expect_context::<Maps>();
    let image = Memo::new(move |_| maps.shown.with(|map| map.as_ref().and_then(data_url)));
    let values = move || {
        maps.shown.with(|map| {
            let values = map.iter().flat_map(|map| &map.values).map(|value| format!("{:.6}", f64::from(*value)));
            values.collect::<Vec<_>>().join(" ")
        })
    };
    let has_image = Memo::new(move |_| image.with(Option::is_some));
    // Drawn once, and changed from map to map.
    let drawn = move || {
        has_image.get().then(|| {
            let opacity = move || format!("{:.2}", maps.opacity.get());
            view! {
                <image
                    id="map"
                    x=move || x.get()
                    y=move || y.get()
                    width=move || side.get()
                    height=move || side.get()
                    href=move || image.get()
                    style:opacity=opacity
                    data-place=move || maps.place.get().map(|place| place.to_string())
                    data-kind=move || words::map_kind(maps.shown_kind()).0
                    data-complete=move || maps.shown.with(|map| map.as_ref().is_some_and(|map| map.is_complete)).to_string()
                    data-values=values
                />
            }
        })
    };
    view! { {drawn} }
}

/// The map as a picture; `None` where the browser has no canvas.
fn data_url(map: &Map) -> Option<String> {
    let canvas = document().create_element("canvas").ok()?.unchecked_into::<HtmlCanvasElement>();
    draw_pixels(&canvas, &map.rgba(SIDE), SIDE as u32);
    canvas.to_data_url().ok()
}
