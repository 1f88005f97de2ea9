//! Pixels on a canvas.

use wasm_bindgen::{Clamped, JsCast};
use web_sys::{CanvasRenderingContext2d, HtmlCanvasElement, ImageData};

/// Gives a canvas the size of a picture, RGBA row by row, and draws it there. A canvas that cannot be drawn on stays empty.
pub(crate) fn draw_pixels(canvas: &HtmlCanvasElement, rgba: &[u8], width: u32) {
    let height = rgba.len() as u32 / 4 / width.max(1);
    canvas.set_width(width);
    canvas.set_height(height);
    let pixels = ImageData::new_with_u8_clamped_array_and_sh(Clamped(rgba), width, height);
    let context = canvas.get_context("2d").ok().flatten().map(JsCast::unchecked_into::<CanvasRenderingContext2d>);
    if let (Ok(pixels), Some(context)) = (pixels, context) {
        let _ = context.put_image_data(&pixels, 0.0, 0.0);
    }
}
