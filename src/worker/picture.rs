//! Pictures: decoded by the browser, resized here.

use futures_channel::oneshot;
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::JsFuture;
use web_sys::{
    Blob, ColorSpaceConversion, DedicatedWorkerGlobalScope, ImageBitmap, ImageBitmapOptions, ImageOrientation,
    OffscreenCanvas, OffscreenCanvasRenderingContext2d, PremultiplyAlpha,
};

use crate::image::{
    ImageError, ImageFormat, MAX_FILE_BYTES, MAX_PIXELS, Part, Preprocess, Still, StripResizer, stated_size,
};
use crate::platform::{canvas, compose, file_of, read, set, words};
use crate::session::Decoded;

/// Pixels read back at a time, so that the whole picture is never in WASM memory.
const STRIP_PIXELS: usize = 1 << 22;
/// The longest side of a canvas that every browser reads back. A longer one may be empty, without an error.
const MAX_CANVAS_SIDE: usize = 16_384;

/// The longer side of a picture that is made to be shown: three times that of its frame on the page.
const SHOWN_SIDE: f64 = 640.0;

const UNDECODABLE: &str = "the browser cannot decode this file, it may be damaged. \
                           Open it in another program and save it again as JPEG or PNG";
const NO_CANVAS: &str = "the browser provides no canvas to read pixels from";
const TOO_LONG: &str = "the network needs more pixels of it in one line than this browser provides. \
                        Cut out the part that matters";

/// Where the pixels of a bitmap are to be: a matrix as a drawing context takes it, and the size of the whole.
struct Placing {
    matrix: [f64; 6],
    width: usize,
    height: usize,
}

/// A picture's size, and what the network sees of it.
///
/// # Errors
/// Why it cannot be used, as a sentence.
pub(crate) async fn decode(file: &Blob, preprocess: &Preprocess) -> Result<Decoded<Blob>, String> {
    let say = |error: ImageError| error.to_string();
    if file.size() > MAX_FILE_BYTES as f64 {
        return Err(say(ImageError::FileTooLarge { bytes: file.size() as usize }));
    }
    let bytes = read(file, MAX_FILE_BYTES as u64).await?;
    match Still::of(&bytes) {
        Ok(still) => {
            drop(bytes);
            let (width, height) = still.turned_size();
            let placing = Placing { matrix: still.matrix(), width, height };
            let is_shown_alike = still.is_shown_alike();
            let CloseOnDrop(bitmap) = &bitmap(&plain(file, still)?).await?;
            let decoded = strips(bitmap, &placing, preprocess)?;
            let shown = if is_shown_alike { None } else { small(bitmap, &placing).await };
            Ok(Decoded { shown, ..decoded })
        }
        Err(ImageError::UnsupportedFormat { format, by_browsers: true }) => {
            if let Some((width, height)) = stated_size(&bytes)
                && (width as u64).saturating_mul(height as u64) > MAX_PIXELS
            {
                return Err(say(ImageError::TooManyPixels { width, height }));
            }
            drop(bytes);
            let CloseOnDrop(bitmap) = &bitmap(file).await.map_err(|_| say(ImageError::NotThisBrowser { format }))?;
            strips(bitmap, &Placing::of(bitmap), preprocess)
        }
        Err(error) => Err(say(error)),
    }
}

/// The file that the browser gets: pieces of the visitor's, which stay where they are, and what replaces others.
fn plain(file: &Blob, still: Still) -> Result<Blob, String> {
    let pieces = js_sys::Array::new();
    for part in &still.parts {
        let piece = match part {
            Part::Kept(range) => {
                file.slice_with_f64_and_f64(range.start as f64, range.end as f64).map_err(|error| words(&error))?.into()
            }
            Part::Made(bytes) => js_sys::Uint8Array::from(&bytes[..]).into(),
        };
        pieces.push(&piece);
    }
    let kind = match still.canvas.format {
        ImageFormat::Jpeg => "image/jpeg",
        ImageFormat::Png => "image/png",
        ImageFormat::WebP => "image/webp",
        ImageFormat::Gif => "image/gif",
        ImageFormat::Bmp => "image/bmp",
    };
    compose(&pieces, kind).map_err(|error| words(&error))
}

/// The pixels of a small picture as they are stored: RGBA, row by row.
///
/// # Errors
/// Why it cannot be read, as a sentence.
pub(crate) async fn pixels(file: &Blob) -> Result<Vec<u8>, String> {
    let CloseOnDrop(bitmap) = &bitmap(file).await?;
    let strip = Strip::new(bitmap.width() as usize, bitmap.height() as usize).ok_or(NO_CANVAS)?;
    strip.read(bitmap, &Placing::of(bitmap), (0, 0), bitmap.height() as usize).map_err(|error| words(&error))
}

/// A frame's size, and what the network sees of it.
///
/// # Errors
/// Why it cannot be used, as a sentence.
pub(crate) fn decode_frame(CloseOnDrop(frame): &CloseOnDrop, preprocess: &Preprocess) -> Result<Decoded<Blob>, String> {
    strips(frame, &Placing::of(frame), preprocess)
}

/// Decoded pixels, which are large: their memory is freed at once, also where the work on them is dropped.
pub(crate) struct CloseOnDrop(pub ImageBitmap);

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

fn strips(bitmap: &ImageBitmap, placing: &Placing, preprocess: &Preprocess) -> Result<Decoded<Blob>, String> {
    let say = |error: ImageError| error.to_string();
    let mut resizer = StripResizer::new(placing.width, placing.height, preprocess).map_err(say)?;
    let (wanted, columns) = (resizer.wanted_rows(), resizer.wanted_columns());
    if columns.len() > MAX_CANVAS_SIDE {
        return Err(TOO_LONG.into());
    }
    resizer.skip_rows(wanted.start).map_err(say)?;
    let rows = (STRIP_PIXELS / columns.len()).clamp(1, wanted.len()).min(MAX_CANVAS_SIDE);
    let strip = Strip::new(columns.len(), rows).ok_or(NO_CANVAS)?;
    while resizer.next_row() < wanted.end {
        let row = resizer.next_row();
        let rgba = strip.read(bitmap, placing, (columns.start, row), rows.min(wanted.end - row));
        resizer.push_wanted(&rgba.map_err(|error| words(&error))?).map_err(say)?;
    }
    let (width, height) = (placing.width as u32, placing.height as u32);
    Ok(Decoded { width, height, prepared: resizer.finish().map_err(say)?, shown: None })
}

/// A small picture of what was decoded; `None` where the browser cannot make one.
async fn small(bitmap: &ImageBitmap, placing: &Placing) -> Option<Blob> {
    let longest = placing.width.max(placing.height);
    if longest > MAX_CANVAS_SIDE {
        return None;
    }
    let scale = (SHOWN_SIDE / longest as f64).min(1.0);
    let side = |pixels: usize| (pixels as f64 * scale).ceil() as u32;
    let (canvas, context) = canvas(side(placing.width), side(placing.height))?;
    let [a, b, c, d, e, f] = placing.matrix.map(|value| value * scale);
    context.set_transform(a, b, c, d, e, f).ok()?;
    context.draw_image_with_image_bitmap(bitmap, 0.0, 0.0).ok()?;
    file_of(&canvas).await
}

impl Placing {
    /// A bitmap as it is.
    fn of(bitmap: &ImageBitmap) -> Self {
        let (width, height) = (bitmap.width() as usize, bitmap.height() as usize);
        Self { matrix: [1.0, 0.0, 0.0, 1.0, 0.0, 0.0], width, height }
    }
}

/// A canvas of the size of one strip.
struct Strip {
    context: OffscreenCanvasRenderingContext2d,
    width: f64,
}

impl Strip {
    fn new(width: usize, rows: usize) -> Option<Self> {
        let canvas = OffscreenCanvas::new(width as u32, rows as u32).ok()?;
        // For canvases that are read back, the pixels are in memory and not on the GPU, which the network needs.
        let options = js_sys::Object::new();
        set(&options, "willReadFrequently", &true.into());
        let context = canvas.get_context_with_context_options("2d", &options).ok()??;
        let context: OffscreenCanvasRenderingContext2d = context.unchecked_into();
        context.set_image_smoothing_enabled(false);
        Some(Self { context, width: width as f64 })
    }

    /// Some rows from this place on, of the columns from this place on.
    fn read(
        &self,
        bitmap: &ImageBitmap,
        placing: &Placing,
        (left, top): (usize, usize),
        rows: usize,
    ) -> Result<Vec<u8>, JsValue> {
        let Self { context, width } = self;
        let (width, rows) = (*width, rows as f64);
        context.reset_transform()?;
        context.clear_rect(0.0, 0.0, width, rows);
        let [a, b, c, d, e, f] = placing.matrix;
        let (e, f) = (e - left as f64, f - top as f64);
        context.set_transform(a, b, c, d, e, f)?;
        // The corners of the strip on the bitmap: the matrix only turns, so that its inverse is its transpose.
        let (x, y) = (-a * e - b * f, -c * e - d * f);
        let (far_x, far_y) = (x + a * width + b * rows, y + c * width + d * rows);
        let (x, y, w, h) = (x.min(far_x), y.min(far_y), (x - far_x).abs(), (y - far_y).abs());
        // Only this part: a browser may draw nothing of a bitmap that is longer than its canvases.
        context
            .draw_image_with_image_bitmap_and_sw_and_sh_and_dx_and_dy_and_dw_and_dh(bitmap, x, y, w, h, x, y, w, h)?;
        Ok(context.get_image_data(0.0, 0.0, width, rows)?.data().0)
    }
}
