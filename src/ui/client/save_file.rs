//! Gives the visitor a file: a link that is pressed at once.

use js_sys::Array;
use leptos::prelude::document;
use leptos::task::spawn_local;
use wasm_bindgen::JsCast;
use web_sys::{Blob, HtmlAnchorElement, Url};

use super::svg::drawn;
use crate::platform::{compose, sleep};

/// Milliseconds after which a browser has begun to write a file.
const BEGUN_MS: i32 = 60_000;

/// Gives the visitor a text as a file of a MIME type.
pub(crate) fn save_text(name: &str, text: &str, kind: &str) {
    // Where there is no memory for so little, there is none to say so either.
    if let Ok(file) = compose(&Array::of1(&text.into()), kind) {
        save_file(name, &file);
    }
}

/// Gives the visitor a drawing as a PNG; says whether the browser drew it.
pub(crate) async fn save_drawing(name: &str, svg: &str) -> bool {
    let Ok(file) = compose(&Array::of1(&svg.into()), "image/svg+xml") else { return false };
    let drawn = drawn(&file).await;
    if let Some(drawn) = &drawn {
        save_file(name, drawn);
    }
    drawn.is_some()
}

pub(crate) fn save_file(name: &str, file: &Blob) {
    let Ok(url) = Url::create_object_url_with_blob(file) else { return };
    let Ok(link) = document().create_element("a").map(|link| link.unchecked_into::<HtmlAnchorElement>()) else {
        return;
    };
    link.set_href(&url);
    link.set_download(name);
    link.click();
    spawn_local(async move {
        sleep(BEGUN_MS).await;
        // If this fails, the browser keeps the memory until the page is closed.
        let _ = Url::revoke_object_url(&url);
    });
}
