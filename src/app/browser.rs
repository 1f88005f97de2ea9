//! What the browser does for the page: fetching, waiting, decoding pictures, object addresses.

use js_sys::{Promise, Reflect, Uint8Array};
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::JsFuture;
use web_sys::{
    Blob, CanvasRenderingContext2d, ColorSpaceConversion, HtmlCanvasElement, ImageBitmap, ImageBitmapOptions,
    ImageOrientation, PremultiplyAlpha, Response,
};

use crate::image::{ImageError, Prepared, Preprocess, StripResizer};

/// Pixels read back at a time: some milliseconds of work, so that the page never stalls.
const STRIP_PIXELS: usize = 1 << 19;

/// Milliseconds since the page was opened.
pub fn now() -> f64 {
    leptos::prelude::window().performance().map_or(0.0, |performance| performance.now())
}

/// Lets the browser do what waits: input, painting.
pub async fn breathe() {
    let promise = Promise::new(&mut |resolve, _| {
        // A timer that cannot be set leaves the promise open; a window always has timers.
        let _ = leptos::prelude::window().set_timeout_with_callback_and_timeout_and_arguments_0(&resolve, 0);
    });
    let _ = JsFuture::from(promise).await;
}

/// The words of a rejected promise.
pub fn words(error: &JsValue) -> String {
    let message = Reflect::get(error, &"message".into()).ok().and_then(|message| message.as_string());
    message.or_else(|| error.as_string()).unwrap_or_else(|| "no reason given".into())
}

/// The bytes of a small file of this page; the browser refuses one that breaks off.
pub async fn fetch(path: &str) -> Result<Vec<u8>, String> {
    let response = JsFuture::from(leptos::prelude::window().fetch_with_str(path)).await.map_err(|e| words(&e))?;
    let response: Response = response.unchecked_into();
    if !response.ok() {
        return Err(format!("the server answered {} for {path}", response.status()));
    }
    let buffer = response.array_buffer().map_err(|error| words(&error))?;
    let buffer = JsFuture::from(buffer).await.map_err(|error| words(&error))?;
    Ok(Uint8Array::new(&buffer).to_vec())
}

/// The bytes of a file, or of its beginning.
pub async fn read(blob: &Blob, at_most: Option<usize>) -> Result<Vec<u8>, String> {
    let part = match at_most {
        Some(length) => blob.slice_with_i32_and_i32(0, length as i32).map_err(|error| words(&error))?,
        None => blob.clone(),
    };
    let buffer = JsFuture::from(part.array_buffer()).await.map_err(|error| words(&error))?;
    Ok(Uint8Array::new(&buffer).to_vec())
}

/// A picture's size as it is shown, and what the network gets of it.
pub struct Decoded {
    pub width: u32,
    pub height: u32,
    pub prepared: Prepared,
}

/// Bytes as a file.
pub fn blob(bytes: &[u8]) -> Result<Blob, String> {
    let part = js_sys::Array::of1(&Uint8Array::from(bytes));
    Blob::new_with_u8_array_sequence(&part).map_err(|_| "out of memory".into())
}

/// Decodes with the browser's decoder and resizes with ours, strip by strip.
pub async fn decode(blob: &Blob, preprocess: &Preprocess) -> Result<Decoded, String> {
    strips(&bitmap(blob).await?.0, preprocess).await
}

/// The pixels of a small picture as they are stored, RGBA row by row.
pub async fn pixels(blob: &Blob) -> Result<Vec<u8>, String> {
    let Open(bitmap) = &bitmap(blob).await?;
    let strip = Strip::new(bitmap.width(), bitmap.height()).ok_or(NO_CANVAS)?;
    strip.read(bitmap, 0, bitmap.height() as usize).map_err(|error| words(&error))
}

/// Decoded pixels, which are large, and let go also where a newer picture takes their place in the middle.
struct Open(ImageBitmap);

impl Drop for Open {
    fn drop(&mut self) {
        self.0.close();
    }
}

async fn bitmap(blob: &Blob) -> Result<Open, String> {
    let options = ImageBitmapOptions::new();
    options.set_image_orientation(ImageOrientation::FromImage);
    options.set_premultiply_alpha(PremultiplyAlpha::None);
    options.set_color_space_conversion(ColorSpaceConversion::None);
    let promise = leptos::prelude::window().create_image_bitmap_with_blob_and_image_bitmap_options(blob, &options);
    let bitmap = match promise {
        Ok(promise) => JsFuture::from(promise).await,
        Err(error) => Err(error),
    };
    Ok(Open(bitmap.map_err(|_| UNDECODABLE)?.unchecked_into()))
}

const UNDECODABLE: &str = "the browser cannot decode this file, it may be damaged. \
                           Open it in another program and save it again as JPEG or PNG";
const NO_CANVAS: &str = "the browser gives no canvas to read pixels from";

async fn strips(bitmap: &ImageBitmap, preprocess: &Preprocess) -> Result<Decoded, String> {
    let (width, height) = (bitmap.width(), bitmap.height());
    let say = |error: ImageError| error.to_string();
    let mut resizer = StripResizer::new(width as usize, height as usize, preprocess).map_err(say)?;
    let wanted = resizer.wanted_rows();
    resizer.skip_rows(wanted.start).map_err(say)?;
    let rows = (STRIP_PIXELS / width as usize).clamp(1, height as usize);
    let strip = Strip::new(width, rows as u32).ok_or(NO_CANVAS)?;
    while resizer.next_row() < wanted.end {
        let row = resizer.next_row();
        let count = rows.min(wanted.end - row);
        let rgba = strip.read(bitmap, row, count).map_err(|error| words(&error))?;
        resizer.push_rows(&rgba).map_err(say)?;
        breathe().await;
    }
    Ok(Decoded { width, height, prepared: resizer.finish().map_err(say)? })
}

/// A canvas as large as one strip: the picture is never whole in it.
struct Strip {
    context: CanvasRenderingContext2d,
    width: u32,
}

impl Strip {
    fn new(width: u32, rows: u32) -> Option<Self> {
        let canvas: HtmlCanvasElement = leptos::prelude::document().create_element("canvas").ok()?.unchecked_into();
        canvas.set_width(width);
        canvas.set_height(rows);
        // Pixels that are read back live in memory, not on the GPU that the network runs on.
        let options = js_sys::Object::new();
        Reflect::set(&options, &"willReadFrequently".into(), &true.into()).ok()?;
        let context = canvas.get_context_with_context_options("2d", &options).ok()??;
        Some(Self { context: context.unchecked_into(), width })
    }

    fn read(&self, bitmap: &ImageBitmap, row: usize, rows: usize) -> Result<Vec<u8>, JsValue> {
        let (width, rows) = (f64::from(self.width), rows as f64);
        self.context.clear_rect(0.0, 0.0, width, rows);
        self.context.draw_image_with_image_bitmap_and_sw_and_sh_and_dx_and_dy_and_dw_and_dh(
            bitmap, 0.0, row as f64, width, rows, 0.0, 0.0, width, rows,
        )?;
        let pixels = self.context.get_image_data(0.0, 0.0, width, rows)?;
        Ok(pixels.data().0)
    }
}
