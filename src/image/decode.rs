//! Decodes picture files natively; on the page the browser decodes them.

use super::{
    error::ImageError,
    format::{ImageFormat, MAX_PIXELS},
    rgb::RgbImage,
    still::Still,
};
use cardinal_resize::flatten;
use image::{DynamicImage, ImageReader, Limits, metadata::Orientation};
use std::io::Cursor;

/// The most memory that a decoder may allocate, in bytes: the largest picture in 16-bit RGBA, and
/// 100 MB of working memory.
const MAX_DECODER_BYTES: u64 = MAX_PIXELS * 8 + 100_000_000;

/// Decodes a JPEG, PNG, WebP, GIF or BMP file to what a white page would show.
///
/// EXIF orientation is applied. Grey becomes three equal channels, 16 bits are rounded to 8, palettes
/// are looked up, transparency is blended over white. CMYK becomes RGB without a colour profile, as
/// PIL does it. Only the first frame of an animation is decoded. Colour profiles and gamma are ignored, as PIL and
/// torchvision ignore them.
///
/// # Errors
/// All errors of [`Still::of`], and [`ImageError::Undecodable`].
pub fn decode(bytes: &[u8]) -> Result<RgbImage, ImageError> {
    let still = Still::of(bytes)?;
    let format = still.canvas.format;
    let decoded = decode_still(&still.file(bytes), format).map_err(|error| match error {
        image::ImageError::IoError(error) if error.kind() == std::io::ErrorKind::UnexpectedEof => {
            ImageError::Truncated { format, bytes: bytes.len() }
        }
        error => ImageError::Undecodable { format, reason: error.to_string() },
    })?;
    let size = (decoded.width() as usize, decoded.height() as usize);
    let pixels = if decoded.color().has_alpha() {
        let rgba = decoded.into_rgba8().into_raw();
        rgba.as_chunks::<4>().0.iter().flat_map(|pixel| flatten(*pixel)).collect()
    } else {
        decoded.into_rgb8().into_raw()
    };
    turned(&still, on_canvas(&still, size, pixels))
}

/// A decoded picture in its place on the canvas, which is white.
fn on_canvas(still: &Still, (width, height): (usize, usize), pixels: Vec<u8>) -> Vec<u8> {
    let canvas = &still.canvas;
    if (width, height) == (canvas.width, canvas.height) {
        return pixels;
    }
    let mut whole = vec![255; canvas.width * canvas.height * 3];
    // What lies outside of the canvas is cut off.
    let kept = width.min(canvas.width.saturating_sub(still.left)) * 3;
    if kept > 0 {
        let rows = whole.chunks_exact_mut(canvas.width * 3).skip(still.top);
        for (row, source) in rows.zip(pixels.chunks_exact(width * 3)) {
            row[still.left * 3..][..kept].copy_from_slice(&source[..kept]);
        }
    }
    whole
}

fn turned(still: &Still, pixels: Vec<u8>) -> Result<RgbImage, ImageError> {
    let (width, height) = (still.canvas.width, still.canvas.height);
    let picture = RgbImage::new(width, height, pixels)?;
    let Some(orientation) = Orientation::from_exif(still.orientation).filter(|to| *to != Orientation::NoTransforms)
    else {
        return Ok(picture);
    };
    let pixels = picture.pixels().to_vec();
    // The length was checked just now.
    let mut picture =
        DynamicImage::from(image::RgbImage::from_raw(width as u32, height as u32, pixels).unwrap_or_default());
    picture.apply_orientation(orientation);
    let (width, height) = still.turned_size();
    RgbImage::new(width, height, picture.into_rgb8().into_raw())
}

fn decode_still(file: &[u8], format: ImageFormat) -> image::ImageResult<DynamicImage> {
    let mut limits = Limits::no_limits();
    limits.max_alloc = Some(MAX_DECODER_BYTES);
    let mut reader = ImageReader::with_format(Cursor::new(file), codec(format));
    reader.limits(limits);
    DynamicImage::from_decoder(reader.into_decoder()?)
}

fn codec(format: ImageFormat) -> image::ImageFormat {
    match format {
        ImageFormat::Jpeg => image::ImageFormat::Jpeg,
        ImageFormat::Png => image::ImageFormat::Png,
        ImageFormat::WebP => image::ImageFormat::WebP,
        ImageFormat::Gif => image::ImageFormat::Gif,
        ImageFormat::Bmp => image::ImageFormat::Bmp,
    }
}
