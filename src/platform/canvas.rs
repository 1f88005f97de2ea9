//! Canvases that nobody sees, and files of what is on them.

use wasm_bindgen::JsCast;
use wasm_bindgen_futures::JsFuture;
use web_sys::{Blob, OffscreenCanvas, OffscreenCanvasRenderingContext2d};

/// An empty canvas of this size, and what draws on it; `None` where the browser has none.
pub fn canvas(width: u32, height: u32) -> Option<(OffscreenCanvas, OffscreenCanvasRenderingContext2d)> {
    let canvas = OffscreenCanvas::new(width, height).ok()?;
    let context = canvas.get_context("2d").ok()??.dyn_into().ok()?;
    Some((canvas, context))
}

/// What is on a canvas, as a PNG; `None` where the browser cannot write it.
pub async fn file_of(canvas: &OffscreenCanvas) -> Option<Blob> {
    JsFuture::from(canvas.convert_to_blob().ok()?).await.ok()?.dyn_into().ok()
}
