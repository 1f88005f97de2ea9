//! Pictures: decoded by the browser, resized here.

use futures_channel::oneshot;
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::JsFuture;
use web_sys::{
    Blob, ColorSpaceConversion, DedicatedWorkerGlobalScope, ImageBitmap, ImageBitmapOptions, ImageOrientation,
    OffscreenCanvas, OffscreenCanvasRenderingContext2d, PremultiplyAlpha,
};

use crate::image::{ImageError, MAX_FILE_BYTES, Preprocess, StripResizer, inspect};
use crate::platform::{read, set, words};
use crate::session::Decoded;

/// Bytes of a file in which its format and size are found, whatever metadata precedes them.
const HEADER_BYTES: u64 = 4 << 20;
/// Pixels read back at a time, so that the whole picture is never in WASM memory.
const STRIP_PIXELS: usize = 1 << 22;

const UNDECODABLE: &str = "the browser cannot decode this file, it may be damaged. \
                           Open it in another program and save it again as JPEG or PNG";
const NO_CANVAS: &str = "the browser provides no canvas to read pixels from";

/// A picture's size, and what the network sees of it.
///
/// # Errors
/// Why it cannot be used, as a sentence.
pub(crate) async fn decode(file: &Blob, preprocess: &Preprocess) -> Result<Decoded, String> {
    let bytes = file.size();
    if bytes > MAX_FILE_BYTES as f64 {
        return Err(ImageError::FileTooLarge { bytes: bytes as usize }.to_string());
    }
    inspect(&read(file, HEADER_BYTES).await?).map_err(|error| error.to_string())?;
    strips(&bitmap(file).await?.0, preprocess)
}

/// The pixels of a small picture as they are stored: RGBA, row by row.
///
/// # Errors
/// Why it cannot be read, as a sentence.
pub(crate) async fn pixels(file: &Blob) -> Result<Vec<u8>, String> {
    let CloseOnDrop(bitmap) = &bitmap(file).await?;
    let strip = Strip::new(bitmap.width(), bitmap.height()).ok_or(NO_CANVAS)?;
    strip.read(bitmap, 0, bitmap.height() as usize).map_err(|error| words(&error))
}

/// Decoded pixels, which are large: their memory is freed at once, also where the work on them is dropped.
struct CloseOnDrop(ImageBitmap);

impl Drop for CloseOnDrop {
    fn drop(&mut self) {
        self.0.close();
    }
}

async fn bitmap(file: &Blob) -> Result<CloseOnDrop, String> {
    let options = ImageBitmapOptions::new();
    options.set_image_orientation(ImageOrientation::FromImage);
    options.set_premultiply_alpha(PremultiplyAlpha::None);
    options.set_color_space_conversion(ColorSpaceConversion::None);
    let scope: DedicatedWorkerGlobalScope = js_sys::global().unchecked_into();
    let promise =
        scope.create_image_bitmap_with_blob_and_image_bitmap_options(file, &options).map_err(|_| UNDECODABLE)?;
    let (sender, receiver) = oneshot::channel();
    // A task of its own: where a newer picture comes first, nobody takes this one, and it is closed.
    wasm_bindgen_futures::spawn_local(async move {
        let bitmap = JsFuture::from(promise).await;
        drop(sender.send(bitmap.map(|bitmap| CloseOnDrop(bitmap.unchecked_into()))));
    });
    Ok(receiver.await.map_err(|_| UNDECODABLE)?.map_err(|_| UNDECODABLE)?)
}

fn strips(bitmap: &ImageBitmap, preprocess: &Preprocess) -> Result<Decoded, String> {
    let (width, height) = (bitmap.width(), bitmap.height());
    let say = |error: ImageError| error.to_string();
    let mut resizer = StripResizer::new(width as usize, height as usize, preprocess).map_err(say)?;
    let wanted = resizer.wanted_rows();
    resizer.skip_rows(wanted.start).map_err(say)?;
    let rows = (STRIP_PIXELS / width as usize).clamp(1, height as usize);
    let strip = Strip::new(width, rows as u32).ok_or(NO_CANVAS)?;
    while resizer.next_row() < wanted.end {
        let row = resizer.next_row();
        let rgba = strip.read(bitmap, row, rows.min(wanted.end - row)).map_err(|error| words(&error))?;
        resizer.push_rows(&rgba).map_err(say)?;
    }
    Ok(Decoded { width, height, prepared: resizer.finish().map_err(say)? })
}

/// A canvas of the size of one strip.
struct Strip {
    context: OffscreenCanvasRenderingContext2d,
    width: u32,
}

impl Strip {
    fn new(width: u32, rows: u32) -> Option<Self> {
        let canvas = OffscreenCanvas::new(width, rows).ok()?;
        // For canvases that are read back, the pixels are in memory and not on the GPU, which the network needs.
        let options = js_sys::Object::new();
        set(&options, "willReadFrequently", &true.into());
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
