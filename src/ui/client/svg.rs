//! SVG, which browsers draw on the page's thread only: here it becomes a PNG of the size that it states.

use wasm_bindgen_futures::JsFuture;
use web_sys::{Blob, HtmlImageElement, Url};

use crate::platform::{canvas, compose, file_of};

/// The longest side that is drawn.
const LONGEST: u32 = 4096;

/// The picture as a PNG; `None` where it has no size, or one that is too large, or is no SVG after all.
pub(super) async fn drawn(file: &Blob) -> Option<Blob> {
    // Its kind, which the file's name need not have told.
    let file = compose(&js_sys::Array::of1(file), "image/svg+xml").ok()?;
    let url = Url::create_object_url_with_blob(&file).ok()?;
    let drawn = draw(&url).await;
    let _ = Url::revoke_object_url(&url);
    drawn
}

/// What the browser draws of the picture at an address, as a PNG.
pub(super) async fn draw(url: &str) -> Option<Blob> {
    let image = HtmlImageElement::new().ok()?;
    image.set_src(url);
    JsFuture::from(image.decode()).await.ok()?;
    let (width, height) = (image.natural_width(), image.natural_height());
    if width == 0 || height == 0 || width.max(height) > LONGEST {
        return None;
    }
    let (canvas, context) = canvas(width, height)?;
    context.draw_image_with_html_image_element(&image, 0.0, 0.0).ok()?;
    file_of(&canvas).await
}
